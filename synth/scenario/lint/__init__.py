"""Whether a scenario file is right: schema, inheritance, and rules about how criteria are worded."""

from synth.scenario.lint.check import Report, check
from synth.scenario.lint.rules import RULES, findings

__all__ = ["RULES", "Report", "check", "findings"]
