import pytest

from filters.ungrounded import Ungrounded
from synth.domain import Judgment, Order, Side
from tests.filters.judged import AB, BA, A, asked, compared, graded, judged

TEA = "Green tea is best  served\nhot, with a little lemon."
COFFEE = "Black coffee keeps you awake for about five hours."
MISSING, OTHER = "quote not found", "quote from the other response"


def found(one: Judgment, by: Ungrounded | None = None) -> str | None:
    drop = (by or Ungrounded())(asked(judged(one), "What shall I drink tonight?", TEA, COFFEE, "Water is enough."))
    return drop and drop.reason


@pytest.mark.parametrize(
    "quote",
    [
        "green tea is best served hot",
        "Green tea is best ... a little lemon",
        "best served hott, with a little",
        "shall I drink tonight",
        "Water is enough",
    ],
)
def test_a_quotation_of_the_response_the_prompt_or_the_reference_is_kept(quote: str) -> None:
    assert found(graded(Side.A, 7, f'It says "{quote}", which is right.')) is None
    assert found(graded(Side.A, 7, f"It says “{quote}”.")) is None


@pytest.mark.parametrize("quote", ["cold beer is the best drink", "Green tea is best ... with honey and ginger"])
def test_a_quotation_that_is_nowhere_is_dropped(quote: str) -> None:
    assert found(graded(Side.A, 7, f'It says "{quote}", which is right.')) == MISSING
    assert found(compared(AB, A, says=f'Response 1 says "{quote}".')) == MISSING


def test_a_quotation_that_only_the_other_response_has_is_dropped() -> None:
    assert found(graded(Side.A, 7, 'It says "coffee keeps you awake".')) == OTHER
    assert found(compared(AB, A, of_a='It says "coffee keeps you awake".')) == OTHER
    assert found(compared(AB, A, of_b='It says "coffee keeps you awake".')) is None


@pytest.mark.parametrize(("order", "slot"), [(AB, 1), (BA, 2)])
def test_a_slot_in_a_comparison_means_the_response_that_was_shown_there(order: Order, slot: int) -> None:
    assert found(compared(order, A, says=f'Response {slot} says "Green tea is best served hot".')) is None
    assert found(compared(order, A, says=f'Response {slot} says "coffee keeps you awake".')) == OTHER


def test_a_clause_that_names_a_slot_counts_before_the_sentence() -> None:
    right = 'Response 1 says "tea is best served hot" while Response 2 says "coffee keeps you awake".'
    wrong = 'Response 1 says "coffee keeps you awake" while Response 2 says "tea is best served hot".'
    assert found(compared(AB, A, says=right)) is None
    assert found(compared(AB, A, says=wrong)) == OTHER


def test_without_a_slot_either_response_will_do() -> None:
    assert found(compared(AB, A, says='The words "coffee keeps you awake" are right.')) is None
    assert (
        found(compared(AB, A, of_a='Unlike the other response, which says "coffee keeps you awake", it is kind.'))
        is None
    )


def test_the_similarity_is_a_parameter() -> None:
    close = graded(Side.A, 7, 'It says "green teas are best served hot".')
    assert found(close, Ungrounded(similarity=0.8)) is None
    assert found(close, Ungrounded(similarity=1.0)) == MISSING


def test_the_detail_shows_the_quotation() -> None:
    drop = Ungrounded()(asked(judged(graded(Side.A, 7, 'It says "cold beer is best".')), "q", TEA, COFFEE))
    assert drop is not None
    assert drop.detail == 'pointwise a critique: "cold beer is best"'
