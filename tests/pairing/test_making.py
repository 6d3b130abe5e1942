"""Pairs are made of the responses that can be used, as the strategy says."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from synth.config.model import Pairs
from synth.domain import Message, Pair, PromptRow
from synth.pairing.making import NoPair, pairs_of, two_by_two
from synth.pairing.response import Mark, Response
from synth.pairing.strategies import STRATEGIES, DifferentModels, Every, Random, SimilarLength, Spread, Strategy

ROW = PromptRow("row", (Message("user", "q"),), reference="r", scenario="planning", source="s")


def response(
    number: int, model: str = "", mark: Mark = Mark.NONE, text: str = "", grade: float | None = None
) -> Response:
    return Response(number, text or f"text {number}", model or f"model {number}", mark, "", grade)


def made(responses: list[Response], strategy: Strategy, row: PromptRow = ROW) -> list[Pair]:
    found = pairs_of(row, responses, strategy, 0)
    assert not isinstance(found, NoPair), found
    return found


def numbers(pairs: list[Pair]) -> set[frozenset[str]]:
    return {frozenset((pair.response_a, pair.response_b)) for pair in pairs}


def test_a_pair_carries_what_the_row_says_and_who_wrote_it() -> None:
    (pair,) = made([response(1, "x"), response(2, "y")], Random())
    assert (pair.id, pair.reference, pair.scenario, pair.source, pair.prompt) == (
        "row/1-2",
        "r",
        "planning",
        "s",
        ROW.prompt,
    )
    assert {pair.response_a: pair.model_a, pair.response_b: pair.model_b} == {"text 1": "x", "text 2": "y"}
    assert pair.human_label is None


def test_config_and_code_know_the_same_strategies() -> None:
    assert tuple(STRATEGIES) == Pairs.model_fields["strategy"].annotation.__args__  # type: ignore[union-attr]


@given(st.integers(2, 7), st.integers(1, 5))
def test_so_many_pairs_are_taken_as_are_wanted_and_are_there(size: int, most: int) -> None:
    responses = [response(number) for number in range(1, size + 1)]
    every = list(combinations(responses, 2))
    pairs = made(responses, Random(most))
    assert len(numbers(pairs)) == len(pairs) == min(most, len(every))
    assert len(numbers(made(responses, Every()))) == len(every)


@given(st.lists(st.sampled_from(list(Mark)), min_size=1, max_size=6))
def test_marked_responses_are_used_only_where_too_few_are_left_and_never_without_a_text(marks: list[Mark]) -> None:
    responses = [
        Response(number, "" if mark in (Mark.EMPTY, Mark.FAILED) else f"text {number}", "m", mark)
        for number, mark in enumerate(marks, start=1)
    ]
    found = pairs_of(ROW, responses, Every(), 0)
    of = {mark: sum(one is mark for one in marks) for mark in Mark}
    usable = of[Mark.NONE] + of[Mark.TRUNCATED] + of[Mark.REFUSED]
    if usable < 2:
        assert found == NoPair("too few responses", found.detail if isinstance(found, NoPair) else "")
        return
    assert not isinstance(found, NoPair)
    used = {text for pair in found for text in (pair.response_a, pair.response_b)}
    wanted = (Mark.NONE,) if of[Mark.NONE] > 1 else (Mark.NONE, Mark.TRUNCATED, Mark.REFUSED)
    assert used == {one.text for one in responses if one.mark in wanted}


def test_why_a_prompt_has_no_pair_is_said() -> None:
    one_model = [response(1, "x"), response(2, "x"), response(3, "y", Mark.EMPTY)]
    found = pairs_of(ROW, one_model, DifferentModels(), 0)
    assert found == NoPair("no two of different models", "of 3 responses: 1 empty, 2 usable")
    assert pairs_of(ROW, one_model[:1], DifferentModels(), 0) == NoPair("too few responses", "of 1 responses: 1 usable")


def test_different_models_are_taken_and_a_marked_one_rather_than_the_same() -> None:
    responses = [response(1, "x"), response(2, "x"), response(3, "y", Mark.TRUNCATED)]
    (pair,) = made(responses, DifferentModels())
    assert {pair.model_a, pair.model_b} == {"x", "y"}


def test_lengths_differ_by_no_more_than_the_ratio() -> None:
    responses = [response(number, text="x" * length) for number, length in enumerate((100, 125, 160), start=1)]
    assert {pair.id for pair in made(responses, SimilarLength(9, length_ratio=1.3))} == {"row/1-2", "row/2-3"}
    assert {pair.id for pair in made(responses, SimilarLength(9, length_ratio=1.25))} == {"row/1-2"}
    found = pairs_of(ROW, responses, SimilarLength(1, length_ratio=1.0), 0)
    assert isinstance(found, NoPair)
    assert found.reason == "no two of similar length"


GRADES = st.lists(st.sampled_from([None, 1.0, 3.0, 4.0, 9.0]), min_size=2, max_size=5)


@given(st.lists(GRADES, min_size=1, max_size=20), st.integers(0, 20))
def test_spread_takes_of_the_first_prompts_what_it_takes_of_all(prompts: list[list[float | None]], cut: int) -> None:
    def taken(rows: list[list[float | None]]) -> list[list[str]]:
        strategy, found = Spread(), []
        for place, grades in enumerate(rows):
            responses = [response(number, grade=grade) for number, grade in enumerate(grades, start=1)]
            pairs = pairs_of(PromptRow(str(place), ROW.prompt), responses, strategy, 0)
            found.append([] if isinstance(pairs, NoPair) else [pair.id for pair in pairs])
        return found

    assert taken(prompts)[:cut] == taken(prompts[:cut])


def test_spread_meets_the_shares_where_the_prompts_have_every_kind() -> None:
    strategy = Spread(shares=(0.5, 0.3, 0.2))
    responses = [response(number, grade=grade) for number, grade in enumerate((1.0, 1.0, 3.0, 9.0), start=1)]
    for place in range(100):
        made(responses, strategy, PromptRow(str(place), ROW.prompt))
    assert strategy.made == {"hard": 50, "easy": 30, "tied": 20}


def test_spread_takes_no_kind_that_nobody_wants_and_no_response_without_a_grade() -> None:
    responses = [response(1, grade=5.0), response(2, grade=5.0), response(3)]
    assert pairs_of(ROW, responses, Spread(shares=(1, 1, 0)), 0) == NoPair(
        "no two with the grades wanted", "of 3 responses: 3 usable"
    )
    assert [pair.id for pair in made(responses, Spread(9))] == ["row/1-2"]


@given(st.lists(st.sampled_from([Mark.NONE, Mark.NONE, Mark.REFUSED, Mark.EMPTY]), max_size=7))
def test_every_response_that_a_pair_may_be_made_of_is_graded(marks: list[Mark]) -> None:
    responses = [Response(number, f"text {number}", mark=mark) for number, mark in enumerate(marks, start=1)]
    graded = {one.number for two in two_by_two(responses) for one in two}
    found = pairs_of(ROW, responses, Every(), 0)
    judged = (
        set() if isinstance(found, NoPair) else {text for pair in found for text in (pair.response_a, pair.response_b)}
    )
    assert {f"text {number}" for number in graded} == judged
    assert all(one is not other for one, other in two_by_two(responses))
