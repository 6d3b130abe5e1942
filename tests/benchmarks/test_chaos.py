"""What the chaos benchmark says of a day."""

from benchmarks.chaos import report
from tests.e2e.bad_day import BadDay
from tests.standin.chaos import FAULTS


def test_every_kind_of_fault_every_ask_and_every_row_is_told_of() -> None:
    faults = dict.fromkeys(FAULTS, 2) | {"": 1970}
    failed = {"call failed": 3, "unreadable": 7}
    said = report(BadDay(faults, 2000, 1985, 1, 4, failed, 500, 450, 12, ("row-1",), (), 0))
    assert "2,000 calls for 2,000 asks, 30 of which went wrong:" in said
    assert all(f"  {fault} " in said for fault in FAULTS)
    table = [line.split() for line in said.splitlines()]
    assert ["without", "a", "judgment", "10", "3", "call", "failed,", "7", "unreadable"] in table
    assert ["neither", "kept", "nor", "dropped,", "or", "both", "1"] in table
