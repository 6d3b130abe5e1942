"""Scenario definitions: from YAML files to frozen values with their inheritance resolved."""

from synth.scenario.catalogue import Catalogue, load
from synth.scenario.definition import BUILT_IN
from synth.scenario.model import Criterion, Scenario

__all__ = ["BUILT_IN", "Catalogue", "Criterion", "Scenario", "load"]
