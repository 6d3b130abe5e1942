import pytest

from filters import Drop
from filters.protocols_disagree import ProtocolsDisagree
from synth.domain import Side, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, compared, graded, judged


def found(verdict: Verdict, a: float, b: float, by: ProtocolsDisagree | None = None) -> str | None:
    pair = judged(compared(AB, verdict), compared(BA, verdict), graded(Side.A, a), graded(Side.B, b))
    drop = (by or ProtocolsDisagree())(pair)
    return drop and drop.reason


@pytest.mark.parametrize(("verdict", "a", "b"), [(A, 8, 7), (B, 7, 8), (TIE, 5, 5), (TIE, 5, 6), (TIE, 6, 5)])
def test_a_verdict_that_the_grades_make_too_is_kept(verdict: Verdict, a: float, b: float) -> None:
    assert found(verdict, a, b) is None


@pytest.mark.parametrize(
    ("verdict", "a", "b", "reason"),
    [
        (A, 3, 8, "grades prefer the other"),
        (B, 8, 7, "grades prefer the other"),
        (A, 7, 7, "grades are equal"),
        (B, 7, 7, "grades are equal"),
        (TIE, 4, 6, "tie with unequal grades"),
    ],
)
def test_a_verdict_that_the_grades_do_not_make_is_dropped(verdict: Verdict, a: float, b: float, reason: str) -> None:
    assert found(verdict, a, b) == reason


def test_the_margins_say_what_counts_as_equal() -> None:
    assert found(A, 8, 7, ProtocolsDisagree(margin=1)) == "grades are equal"
    assert found(A, 9, 7, ProtocolsDisagree(margin=1)) is None
    assert found(TIE, 8, 7, ProtocolsDisagree(tie_margin=0)) == "tie with unequal grades"


def test_the_detail_names_both_sides() -> None:
    pair = judged(compared(AB, A), graded(Side.A, 3), graded(Side.B, 8))
    assert ProtocolsDisagree()(pair) == Drop("grades prefer the other", "verdict a, graded alone a 3 and b 8")


def test_pairs_that_only_one_protocol_judged_are_left_alone() -> None:
    assert ProtocolsDisagree()(judged(compared(AB, A), graded(Side.A, 1))) is None
    assert ProtocolsDisagree()(judged(graded(Side.A, 1), graded(Side.B, 9))) is None
    assert ProtocolsDisagree()(judged(compared(AB, A), compared(BA, B), graded(Side.A, 1), graded(Side.B, 9))) is None
