from dataclasses import replace

import pytest

from filters import Drop
from filters.inconsistent import Inconsistent
from synth.domain import CriterionGrade, Order, PointwiseJudgment, Side, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, compared, graded, judged

LOWER = "winner scores lower"
UNEQUAL = "tie with unequal scores"
CRITERIA = "criteria against the score"


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


@pytest.mark.parametrize(
    ("order", "verdict", "says"),
    [
        (AB, A, "Response 2 is better because it answers the question."),
        (BA, B, "Response 2 is better because it answers the question."),
        (AB, B, "Overall, the first response is better."),
        (AB, TIE, "Both are fine, but Response 1 is better."),
        (BA, A, "Therefore, Output (a) is the better one."),
        (AB, A, "Assistant B is better."),
    ],
)
def test_a_winner_that_the_words_contradict_is_dropped(order: Order, verdict: Verdict, says: str) -> None:
    found = Inconsistent()(judged(compared(order, verdict, says=says)))
    assert isinstance(found, Drop)
    assert found.reason == "words name another winner"


@pytest.mark.parametrize(
    ("order", "verdict", "says"),
    [
        (AB, A, "Response 1 is better because it answers the question."),
        (BA, A, "Response 2 is better because it answers the question."),
        (AB, A, "Response 2 is better at spelling, but Response 1 answers the question."),
        (AB, A, "Some may say that Response 2 is better."),
        (AB, A, "If length mattered, Response 2 is better."),
        (AB, A, "It could give the response a better ending."),
        (AB, TIE, "Neither Response 1 nor Response 2 is better."),
    ],
)
def test_words_that_name_the_verdict_or_no_winner_are_kept(order: Order, verdict: Verdict, says: str) -> None:
    assert Inconsistent()(judged(compared(order, verdict, says=says))) is None
    assert Inconsistent()(judged(compared(order, verdict, of_b=says, of_a="Fine."))) is None


def test_a_grade_far_from_most_of_its_criteria_is_dropped() -> None:
    contrary = judged(graded(Side.A, 9, form=2, facts=3, tone=9))
    assert Inconsistent()(contrary) == Drop(CRITERIA, "pointwise a: score 9, criteria 2, 3, 9")
    assert Inconsistent()(judged(graded(Side.B, 1, form=9, facts=9))) is not None
    assert Inconsistent(criteria_margin=None)(contrary) is None
    for fine in ({"form": 6, "facts": 7}, {"form": 2, "facts": 9}, {"form": 1, "tone": 9, "facts": 9}, {}):
        assert Inconsistent()(judged(graded(Side.A, 7, **fine))) is None


def test_a_better_score_against_most_criteria_is_dropped() -> None:
    a, b = graded(Side.A, 7, form=6, facts=6, tone=9), graded(Side.B, 6, form=7, facts=7, tone=3)
    found = Inconsistent()(judged(a, b))
    assert found == Drop(CRITERIA, "scores a 7 and b 6, but of 3 criteria a leads 1 and b 2")
    assert Inconsistent()(judged(a, graded(Side.B, 7, form=7, facts=7, tone=4))) is None
    assert Inconsistent()(judged(a, graded(Side.B, 6, form=7, other=9))) is not None
    assert Inconsistent()(judged(a, graded(Side.B, 6, other=9))) is None


def test_a_criterion_that_a_grade_names_twice_counts_once_by_its_mean_whichever_response_is_called_a() -> None:
    twice = PointwiseJudgment(Side.A, 7, criteria=(CriterionGrade("form", 9), CriterionGrade("form", 5)))
    for other, fate in ((8, CRITERIA), (6, None)):
        once = graded(Side.B, 6, form=other)
        renamed = replace(once, response=Side.A), replace(twice, response=Side.B)
        found = [Inconsistent()(judged(*grades)) for grades in ((twice, once), renamed)]
        assert [one and one.reason for one in found] == [fate, fate]
