import pytest

from filters import Drop
from filters.inconsistent import Inconsistent
from synth.domain import Side, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, compared, graded, judged

LOWER = "winner scores lower"
UNEQUAL = "tie with unequal scores"


@pytest.mark.parametrize(
    ("verdict", "a", "b"),
    [
        (A, 9, 3),
        (B, 3, 9),
        (A, 5, 5),
        (B, 5, 5),
        (TIE, 5, 5),
        (TIE, 5, 5.5),
        (A, None, None),
        (TIE, None, 9),
        (A, 3, None),
    ],
)
def test_scores_that_agree_with_the_verdict_or_are_not_there_are_kept(
    verdict: Verdict, a: float | None, b: float | None
) -> None:
    for order in (AB, BA):
        assert Inconsistent()(judged(compared(order, verdict, a, b))) is None


@pytest.mark.parametrize(
    ("verdict", "a", "b", "reason"),
    [(A, 3, 9, LOWER), (B, 9, 3, LOWER), (A, 5, 6, LOWER), (TIE, 9, 3, UNEQUAL), (TIE, 5, 6, UNEQUAL)],
)
def test_a_verdict_that_its_own_scores_contradict_is_dropped(verdict: Verdict, a: float, b: float, reason: str) -> None:
    fine = compared(AB, verdict, 5, 5)
    found = Inconsistent()(judged(fine, compared(BA, verdict, a, b)))
    assert found == Drop(reason, f"pairwise ba: verdict {verdict}, scores a {a} and b {b}")


def test_a_lower_winner_counts_before_an_unequal_tie_in_whichever_order_they_came() -> None:
    assert Inconsistent()(judged(compared(AB, TIE, 9, 3), compared(BA, A, 3, 9))) == Drop(
        LOWER, "pairwise ba: verdict a, scores a 3 and b 9"
    )
    assert Inconsistent()(judged(compared(AB, B, 9, 3), compared(BA, TIE, 9, 3))) == Drop(
        LOWER, "pairwise ab: verdict b, scores a 9 and b 3"
    )


def test_a_margin_lets_ties_differ_that_much() -> None:
    close, far = judged(compared(AB, TIE, 6, 5)), judged(compared(AB, TIE, 7, 5))
    assert Inconsistent(tie_margin=1)(close) is None
    assert Inconsistent(tie_margin=1)(far) is not None


def test_grades_given_alone_are_another_matter() -> None:
    assert Inconsistent()(judged(compared(AB, A, 9, 3), graded(Side.A, 1), graded(Side.B, 9))) is None
