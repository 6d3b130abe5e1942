from dataclasses import replace

import pytest
from hypothesis import given

from filters import Drop, chosen
from filters.degenerate import Degenerate
from filters.off_target import OffTarget
from synth.domain import JudgedPair, Side, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, asked, compared, graded, judged
from tests.strategies import judged_pairs, swapped


def of(verdict: Verdict, *grades: float) -> JudgedPair:
    alone = [graded(side, score) for side, score in zip(Side, grades, strict=False)]
    return judged(compared(AB, verdict), compared(BA, verdict), *alone)


def targeted(one: JudgedPair, a: float | None, b: float | None) -> JudgedPair:
    return replace(one, pair=replace(one.pair, target_a=a, target_b=b))


def planted(one: JudgedPair, flawed: Side) -> JudgedPair:
    return replace(one, pair=replace(one.pair, planted="padding", flawed=flawed))


def reason(one: JudgedPair, by: OffTarget | None = None) -> str | None:
    drop = (by or OffTarget())(one)
    return drop and drop.reason


@pytest.mark.parametrize(
    ("one", "a", "b"),
    [(of(A), 8, 3), (of(B), 1, 3), (of(TIE), 3, 4), (of(A, 7, 7), 8, 3), (of(A, 8, 2), 4, 3), (of(A), 5, 5)],
)
def test_a_verdict_for_the_response_that_was_to_be_better_is_kept(one: JudgedPair, a: float, b: float) -> None:
    assert reason(targeted(one, a, b)) is None


@pytest.mark.parametrize(
    ("one", "a", "b", "why"),
    [
        (of(B), 8, 3, "against the targets"),
        (of(A), 3, 4, "against the targets"),
        (of(TIE), 3, 5, "tie across targets"),
        (of(A, 4, 6), 8, 3, "grades against the targets"),
        (of(B, 6, 5), 1, 10, "grades against the targets"),
    ],
)
def test_a_verdict_that_contradicts_the_targets_is_dropped(one: JudgedPair, a: float, b: float, why: str) -> None:
    assert reason(targeted(one, a, b)) == why


def test_grades_count_where_nothing_was_compared() -> None:
    only_graded = targeted(judged(graded(Side.A, 2), graded(Side.B, 6)), 8, 3)
    assert reason(only_graded) == "against the targets"
    assert reason(targeted(judged(compared(AB, A), compared(BA, B), graded(Side.A, 9), graded(Side.B, 1)), 1, 9)) == (
        "grades against the targets"
    ), "a pair that flips is still graded"


@pytest.mark.parametrize(("a", "b"), [(None, None), (8, None), (None, 8)])
def test_a_pair_without_two_targets_is_left_alone(a: float | None, b: float | None) -> None:
    for verdict in Verdict:
        assert reason(targeted(of(verdict, 1, 9), a, b)) is None


def test_a_planted_flaw_must_lose() -> None:
    assert reason(planted(of(A), Side.B)) is None
    assert reason(planted(of(A), Side.A)) == "against the planted flaw"
    assert reason(planted(of(TIE), Side.A)) == "planted flaw not seen"
    assert reason(planted(of(B, 5, 4), Side.A)) == "grades against the planted flaw"
    assert OffTarget()(planted(of(A), Side.A)) == Drop("against the planted flaw", "padding in a, verdict a")


def test_what_is_known_by_construction_wins_over_targets() -> None:
    assert reason(planted(targeted(of(A), 1, 9), Side.B)) is None


def test_the_margin_says_which_targets_may_tie() -> None:
    assert reason(targeted(of(TIE), 3, 4), OffTarget(tie_margin=0)) == "tie across targets"
    assert reason(targeted(of(TIE), 3, 9), OffTarget(tie_margin=6)) is None


@given(judged_pairs())
def test_it_does_not_depend_on_which_response_is_called_a(one: JudgedPair) -> None:
    assert reason(one) == reason(swapped(one))


def test_it_is_in_the_presets_that_hold_a_label_against_anything_but_itself() -> None:
    assert [("off_target" in chosen(preset).names) for preset in ("minimal", "default", "strict")] == [
        False,
        True,
        True,
    ]


def test_a_slip_of_one_word_is_worth_a_verdict_where_it_was_planted() -> None:
    text = "The bridge was opened in spring and its keeper was called Ann. " * 20
    one = asked(of(A), a=text, b=text.replace("spring", "sprang", 1))
    found = Degenerate()(one)
    assert found is not None
    assert found.reason == "near-identical with a winner"
    assert Degenerate()(planted(one, Side.B)) is None
