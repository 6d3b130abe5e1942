"""Targets are spread over the scale, and lengths know nothing of them."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import SCALES, Scale, scale_named
from synth.pairing.targets import drawn_scores, even_length, even_scores

ROWS = [str(number) for number in range(3000)]
FIVE = (1, 3, 6, 8, 10)


@pytest.mark.parametrize(
    ("scale", "scores"),
    [("1-10", (1, 3, 6, 8, 10)), ("1-5", (1, 2, 3, 4, 5)), ("1-3", (1, 2, 3)), ("binary", (0, 1))],
)
def test_the_scores_lie_evenly_from_end_to_end(scale: str, scores: tuple[int, ...]) -> None:
    assert even_scores(scale_named(scale)) == scores


@given(st.sampled_from(SCALES))
def test_scores_are_different_ones_of_the_scale(scale: Scale) -> None:
    found = even_scores(scale)
    assert (found[0], found[-1]) == (scale.low, scale.high)
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_each_score_comes_equally_often_over_many_prompts(wanted: int) -> None:
    drawn = Counter(score for row in ROWS for score in drawn_scores(FIVE, wanted, 0, row))
    expected = len(ROWS) * wanted / len(FIVE)
    assert all(abs(drawn[score] / expected - 1) < 0.12 for score in FIVE)


scores = st.sets(st.integers(0, 10), min_size=1).map(sorted)


@given(scores, st.integers(1, 12), st.integers(), st.text())
def test_a_prompt_gets_as_many_different_scores_as_there_are(of: list[int], wanted: int, seed: int, row: str) -> None:
    found = drawn_scores(of, wanted, seed, row)
    assert len(set(found)) == len(found) == min(wanted, len(of))
    assert set(found) <= set(of)
    assert found == drawn_scores(of[::-1], wanted, seed, row)


@given(scores, st.integers(2, 5), st.integers(), st.text())
def test_the_scores_of_a_prompt_lie_as_far_apart_as_they_can(of: list[int], wanted: int, seed: int, row: str) -> None:
    places = [of.index(score) for score in drawn_scores(of, wanted, seed, row)]
    least = len(of) // min(wanted, len(of))
    assert all(later - earlier >= least for earlier, later in pairwise(places))


def test_a_length_is_that_of_the_other_responses() -> None:
    said = ["one two three", "w " * 47, "w " * 200]
    assert even_length(said, 0, "row") == "about 50 words"
    assert even_length(said[:1], 0, "row") == "about 3 words"
    assert even_length(["B"], 0, "row") == "one word"
    assert even_length(["水" * 120], 0, "row") == "about 60 words", "a script without spaces has words too"


def test_without_other_responses_the_row_alone_draws_the_length() -> None:
    drawn = Counter(even_length([], 0, row) for row in ROWS)
    assert len(drawn) == 4
    assert min(drawn.values()) > 600
    assert even_length(["", " "], 3, "row") == even_length([], 3, "row")
