"""Controlled flaws: which there are, when each applies, and what a response with one must be like. Pure.

The right verdict over a response and its copy with one flaw is known by how the copy was made, without a label.
"""

from synth.flaws.flaw import Flaw
from synth.flaws.kinds import FLAWS, NAMES, flaw_named

__all__ = ["FLAWS", "NAMES", "Flaw", "flaw_named"]
