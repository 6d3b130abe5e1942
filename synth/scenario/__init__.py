"""Scenario definitions: from YAML files to frozen values with their inheritance resolved."""

from synth.scenario.catalogue import BUILT_IN, Catalogue, load
from synth.scenario.model import Criterion, Scenario

__all__ = ["BUILT_IN", "Catalogue", "Criterion", "Scenario", "load"]
