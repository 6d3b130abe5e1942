"""Two versions of a dataset: what came, what went, which verdicts flipped, and why. Pure."""

from synth.diff.causes import Cause
from synth.diff.difference import Change, Difference, Kind, compare
from synth.diff.version import Made, Row, Version

__all__ = ["Cause", "Change", "Difference", "Kind", "Made", "Row", "Version", "compare"]
