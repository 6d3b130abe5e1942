import pytest

from filters.shallow import Shallow
from synth.domain import Judgment, Side
from tests.filters.judged import AB, A, compared, graded, judged

ENOUGH = "It answers the question and gives a reason."


def found(one: Judgment, by: Shallow | None = None) -> str | None:
    drop = (by or Shallow())(judged(one))
    return drop and drop.reason


@pytest.mark.parametrize(
    "one",
    [
        compared(AB, A, says=ENOUGH, of_a="Good.", of_b=ENOUGH),
        compared(AB, A, says=ENOUGH, of_a=ENOUGH, of_b="Response 2 is not so good."),
        compared(AB, A, says="Response 1 is better."),
        graded(Side.B, 7, "Very good."),
    ],
)
def test_a_critique_of_a_few_words_is_dropped(one: Judgment) -> None:
    assert found(one) == "too short"


@pytest.mark.parametrize(
    "one",
    [
        compared(AB, A, says=ENOUGH, of_a=ENOUGH, of_b=ENOUGH),
        compared(AB, A, says=ENOUGH),
        compared(AB, A, says="Output (a)"),
        compared(AB, A),
        graded(Side.A, 7, ENOUGH),
        graded(Side.A, 7, "回答很好而且清楚"),
        graded(Side.A, 7),
    ],
)
def test_a_critique_with_reasons_and_a_bare_verdict_are_kept(one: Judgment) -> None:
    assert found(one) is None


def test_a_comparison_of_one_side_is_dropped_where_both_are_wanted() -> None:
    both = Shallow(both_sides=True)
    assert found(compared(AB, A, says=f"Response 1 is better. {ENOUGH}"), both) == "one side only"
    assert found(compared(AB, A, says=f"Response 1 is better than Response 2. {ENOUGH}"), both) is None
    assert found(compared(AB, A, says=ENOUGH, of_a=ENOUGH, of_b=ENOUGH), both) is None


def test_the_number_of_words_is_a_parameter() -> None:
    assert found(graded(Side.A, 7, ENOUGH), Shallow(min_words=20)) == "too short"
    assert found(graded(Side.A, 7, "Good."), Shallow(min_words=1)) is None
