"""Whether a teacher is let through: the lower bound of its agreement against a bar."""

from synth.audit.intervals import Estimate
from synth.errors import BarError


def gate(found: Estimate, bar: float, measure: str, what_next: str) -> None:
    """Raises BarError where the interval reaches below the bar, or there is nothing to measure.

    A teacher that is wrong the same way every time passes every filter, and gets worse by them; only this stops it.
    """
    if found.value is None or found.low is None:
        raise BarError(f"the teacher's {measure} cannot be measured (n {found.n}), the bar is {bar:g}; {what_next}")
    if found.low >= bar:
        return
    why = "the teacher is below the bar" if found.value < bar else "it may be below the bar, more labels would tell"
    raise BarError(f"the teacher's {measure} with the human labels is {found}, the bar is {bar:g}: {why}; {what_next}")
