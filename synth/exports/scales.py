"""From the scale a teacher scored on to the one a student is to score on."""

from fractions import Fraction
from math import floor

from synth.domain import Scale


def converted(score: float, of: Scale, to: Scale) -> int | None:
    """The nearest whole number of the other scale: ends map to ends, what lies between linearly, halves go up.

    So 1-10 becomes 1-5 two points at a time: 1 and 2 are 1, ..., 9 and 10 are 5. None for a score off its own scale.
    """
    if not of.holds(score):
        return None
    share = Fraction(score - of.low) / (of.high - of.low)
    return floor(to.low + share * (to.high - to.low) + Fraction(1, 2))


def note(score: float, number: float, of: Scale, to: Scale) -> str:
    """What was done to a score, as it is counted; empty where nothing was."""
    if of != to:
        return f"{of.name} to {to.name}"
    return "" if score == number else "rounded to whole points"
