import pytest

from filters import Drop, Settle
from filters.order_unstable import OrderUnstable
from synth.domain import Failure, Side, Verdict
from tests.filters.judged import AB, BA, EVERY, TIE, A, B, compared, graded, judged


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_that_follows_the_response_is_kept(verdict: Verdict) -> None:
    assert OrderUnstable()(judged(compared(AB, verdict, 8, 3), compared(BA, verdict, 5, 5))) is None


@pytest.mark.parametrize(("ab", "ba", "slot"), [(A, B, "first"), (B, A, "second")])
def test_a_verdict_that_follows_the_slot_is_dropped(ab: Verdict, ba: Verdict, slot: str) -> None:
    found = OrderUnstable()(judged(compared(AB, ab), compared(BA, ba)))
    assert found == Drop("verdict flips", f"the response shown {slot} wins both times")


@pytest.mark.parametrize(("ab", "ba"), [(A, TIE), (B, TIE), (TIE, A), (TIE, B)])
def test_a_tie_in_one_order_is_dropped(ab: Verdict, ba: Verdict) -> None:
    found = OrderUnstable()(judged(compared(AB, ab), compared(BA, ba)))
    assert found == Drop("tie in one order", f"ab says {ab}, ba says {ba}")


def test_pairs_that_were_not_compared_in_both_orders_are_left_alone() -> None:
    assert OrderUnstable()(judged(compared(AB, A))) is None
    assert OrderUnstable()(judged(compared(BA, B), Failure(EVERY[0], "empty", ""))) is None
    assert OrderUnstable()(judged(graded(Side.A, 9), graded(Side.B, 1))) is None


@pytest.mark.parametrize(("a_again", "b_again"), [(4, 3), (8, 7)])
def test_a_score_that_drifts_between_the_orders_is_dropped_beyond_the_margin(a_again: float, b_again: float) -> None:
    pair = judged(compared(AB, A, 8, 3), compared(BA, A, a_again, b_again))
    found = OrderUnstable()(pair)
    assert isinstance(found, Drop)
    assert found.reason == "scores drift"
    assert OrderUnstable(score_margin=4)(pair) is None
    assert OrderUnstable(score_margin=None)(pair) is None


@pytest.mark.parametrize(("ab", "ba"), [(A, B), (B, A), (A, TIE), (TIE, B)])
def test_verdicts_that_differ_can_count_as_a_tie(ab: Verdict, ba: Verdict) -> None:
    assert OrderUnstable(policy="tie")(judged(compared(AB, ab), compared(BA, ba))) == Settle(TIE)


def test_the_policy_tie_leaves_equal_verdicts_and_drops_drifting_scores() -> None:
    assert OrderUnstable(policy="tie")(judged(compared(AB, A), compared(BA, A))) is None
    drifting = judged(compared(AB, A, 9, 1), compared(BA, A, 2, 1))
    assert isinstance(OrderUnstable(policy="tie")(drifting), Drop)
