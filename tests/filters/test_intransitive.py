"""Prompts whose verdicts go round in a circle are dropped whole, and no others."""

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from filters.intransitive import Intransitive, cycles
from synth.domain import JudgedPair, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, asked, compared, judged, numbered


def pair(prompt: str, a: str, b: str, verdict: Verdict) -> JudgedPair:
    return asked(judged(compared(AB, verdict), compared(BA, verdict)), prompt, a, b)


def dropped(pairs: list[JudgedPair]) -> dict[int, str]:
    one = Intransitive()
    return {place: drop.reason for place, drop in one.drops(dict(enumerate(map(one.note, numbered(pairs))))).items()}


def test_all_pairs_of_the_prompt_go_and_those_of_other_prompts_stay() -> None:
    circle = [pair("p", "x", "y", A), pair("p", "z", "y", B), pair("p", "z", "x", A), pair("p", "x", "w", TIE)]
    straight = [pair("q", "x", "y", A), pair("q", "y", "z", A), pair("q", "x", "z", A)]
    assert dropped(circle + straight) == dict.fromkeys(range(4), "cycle")


def test_a_prompt_is_the_same_whatever_its_white_space_and_case() -> None:
    assert len(dropped([pair("a  P", "x", "y", A), pair("A p", "y", "z", A), pair("a p", "z", "x", A)])) == 3


def test_ties_and_flips_make_no_circle() -> None:
    flip = asked(judged(compared(AB, A), compared(BA, B)), "p", "z", "x")
    assert dropped([pair("p", "x", "y", A), pair("p", "y", "z", A), flip]) == {}
    assert dropped([pair("p", "x", "y", A), pair("p", "y", "z", A), pair("p", "z", "x", TIE)]) == {}


def test_a_longer_circle_is_found_where_ties_hide_the_short_ones() -> None:
    assert cycles([(3, 1), (1, 4), (4, 2), (2, 3)]) == [(1, 4, 2, 3)]


def test_every_circle_of_three_is_told_from_its_least() -> None:
    assert cycles([(2, 1), (1, 3), (3, 2)]) == [(1, 3, 2)]
    assert cycles([("a", "b"), ("b", "c"), ("a", "c")]) == []


@given(st.permutations(range(6)), st.sets(st.sampled_from(list(combinations(range(6), 2)))))
def test_verdicts_that_follow_one_order_have_no_circle(order: list[int], played: set[tuple[int, int]]) -> None:
    assert cycles((order[one], order[other]) for one, other in played) == []


@given(st.sets(st.sampled_from(list(permutations(range(5), 2)))))
def test_what_is_told_is_a_circle(wins: set[tuple[int, int]]) -> None:
    for circle in cycles(wins):
        assert all(step in wins for step in zip(circle, (*circle[1:], circle[0]), strict=True))
        assert circle[0] == min(circle)
