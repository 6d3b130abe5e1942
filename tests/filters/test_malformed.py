import pytest

from filters import Drop
from filters.malformed import Malformed
from synth.domain import Ask, Failure, Side
from tests.filters.judged import AB, BA, EVERY, A, compared, graded, judged
from tests.strategies import REASONS


def test_a_pair_of_which_every_ask_brought_a_judgment_is_kept() -> None:
    assert Malformed()(judged(compared(AB, A), compared(BA, A), graded(Side.A, 7), graded(Side.B, 3))) is None


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.name)
@pytest.mark.parametrize("reason", REASONS)
def test_one_judgment_missing_is_enough_to_drop_a_pair(ask: Ask, reason: str) -> None:
    failure = Failure(ask, reason, "what happened", raw="{")
    found = Malformed()(judged(compared(AB, A), compared(BA, A), failure))
    assert found == Drop(reason, f"{ask.name}: what happened")


def test_a_pair_that_was_not_judged_is_dropped() -> None:
    assert Malformed()(judged()) == Drop("not judged", "no judgment of this pair")


def test_of_two_reasons_the_same_counts_in_whichever_order_they_came() -> None:
    first, second = EVERY[:2]
    assert Malformed()(judged(Failure(first, "empty", "x"), Failure(second, "unreadable", "y"))) == Drop(
        "empty", "pairwise ab: x"
    )
    assert Malformed()(judged(Failure(first, "unreadable", "x"), Failure(second, "empty", "y"))) == Drop(
        "empty", "pairwise ba: y"
    )
