import math
from typing import Any

import pytest
from hypothesis import given

from synth.domain import Ask, Judgment, Message, Pair, PairwiseJudgment, PointwiseJudgment, Prompt
from synth.rows import columns
from tests.strategies import ask_of, every_ask, judgments, pairs, prompts


@given(every_ask)
def test_an_ask_comes_back_from_its_columns(ask: Ask) -> None:
    assert columns.ask(columns.ask_row(ask)) == ask


@given(prompts)
def test_a_prompt_comes_back_from_its_columns(prompt: Prompt) -> None:
    assert columns.prompt(columns.prompt_row(prompt)) == prompt


def test_text_is_a_prompt_of_one_turn() -> None:
    assert columns.prompt("Hello?") == (Message("user", "Hello?"),)


@given(pairs)
def test_a_pair_comes_back_from_what_a_step_passes_on(pair: Pair) -> None:
    row = {name: getattr(pair, name) for name in columns.PAIR} | {"prompt": columns.prompt_row(pair.prompt)}
    again = columns.pair(row)
    assert {name: getattr(again, name) for name in columns.PAIR} == {name: getattr(pair, name) for name in columns.PAIR}


@pytest.mark.parametrize("nothing", [{}, {"id": None, "scenario": None, "reference": None}])
def test_a_pair_needs_no_more_than_a_prompt_and_two_responses(nothing: dict[str, Any]) -> None:
    pair = columns.pair({"prompt": "q", "response_a": "one", "response_b": "two"} | nothing)
    assert pair == Pair("", (Message("user", "q"),), "one", "two", "")


@given(judgments)
def test_a_judgment_comes_back_from_its_columns(one: Judgment) -> None:
    assert columns.judgment(columns.ask_row(ask_of(one)) | columns.judgment_row(one)) == one


@given(judgments)
def test_every_judgment_has_the_same_columns_with_the_same_types(one: Judgment) -> None:
    row = columns.judgment_row(one)
    assert tuple(row) == tuple(columns.NO_JUDGMENT) == columns.JUDGMENT
    assert {name: type(value) for name, value in row.items()} == {
        name: type(value) for name, value in columns.NO_JUDGMENT.items()
    }


@given(judgments)
def test_scores_and_critiques_stand_under_the_response_they_are_of(one: Judgment) -> None:
    row = columns.judgment_row(one)
    if isinstance(one, PairwiseJudgment):
        assert (row["critique_a"], row["critique_b"]) == (one.critique_a, one.critique_b)
        assert row["score_a"] == one.score_a or (one.score_a is None and math.isnan(row["score_a"]))
    if isinstance(one, PointwiseJudgment):
        side, other = one.response, one.response.other
        assert (row[f"score_{side}"], row[f"critique_{side}"]) == (one.score, one.critique)
        assert math.isnan(row[f"score_{other}"])
        assert (row["verdict"], row[f"critique_{other}"]) == ("", "")
