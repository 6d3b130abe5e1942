"""A ranking follows the verdicts, by a fit of Bradley-Terry."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.audit.ranking import ranked


def ranks(size: int, wins: list[tuple[int, int]], ties: list[tuple[int, int]] | None = None) -> list[int]:
    return [one.rank for one in ranked(size, wins, ties or [])]


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(5)))
def test_where_verdicts_follow_one_order_the_ranking_is_that_order(order: list[int]) -> None:
    found = ranks(5, [(order[better], order[worse]) for better, worse in combinations(range(5), 2)])
    assert [found[item] for item in order] == [1, 2, 3, 4, 5]


def test_equals_share_a_rank() -> None:
    assert ranks(3, [(0, 1), (0, 2)], [(1, 2)]) == [1, 2, 2]
    assert ranks(3, [(0, 1), (1, 2), (2, 0)]) == [1, 1, 1]
    assert ranks(2, []) == [1, 1]


def test_a_tie_pulls_together() -> None:
    won, tied = ranked(2, [(0, 1)], []), ranked(2, [], [(0, 1)])
    assert won[0].strength > tied[0].strength == 0


def test_it_does_not_matter_how_the_items_are_numbered_or_a_tie_is_written() -> None:
    one, other = ranked(3, [(0, 1)], [(1, 2)]), ranked(3, [(2, 1)], [(0, 1)])
    assert one == other[::-1]
    assert ranked(3, [(0, 1)], [(2, 1)]) == one


def test_strengths_are_those_of_bradley_and_terry() -> None:
    """Nine wins to three among two: the log of the odds is log 3, a little less under the penalty."""
    better, worse = ranked(2, [(0, 1)] * 90 + [(1, 0)] * 30, [])
    assert better.strength - worse.strength == pytest.approx(math.log(3), abs=0.01)
