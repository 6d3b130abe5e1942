"""Rows that are prompts, with whatever responses they bring."""

from collections.abc import Mapping
from typing import Any

import pytest

from synth.domain import Given, Message, Pair, PromptRow, Verdict
from synth.errors import ConfigError
from synth.rows.pairs import SetAside, pairs
from synth.rows.prompts import Placed, prompt_rows
from tests.rows.test_pairs import CATALOGUE, row

LEAST: dict[str, Any] = {"prompt": "q"}


def taken(*rows: Mapping[str, Any], asked: bool = True, skip: bool = False, **columns: str) -> list[Any]:
    numbered = [row(number, one) for number, one in enumerate(rows, start=1)]
    return list(prompt_rows(numbered, columns, CATALOGUE, asked=asked, skip_bad_rows=skip))


def only(values: Mapping[str, Any], **columns: str) -> PromptRow:
    (one,) = taken(values, **columns)
    assert isinstance(one, Placed)
    return one.row


def refusal(*rows: Mapping[str, Any], asked: bool = True) -> str:
    with pytest.raises(ConfigError) as caught:
        taken(*rows, asked=asked)
    return str(caught.value)


def test_a_prompt_is_enough() -> None:
    made = only(LEAST)
    assert (made.prompt, made.given) == ((Message("user", "q"),), ())
    assert len(made.id) == 16
    assert made.id == only(LEAST).id
    assert only(LEAST | {"id": 7}).id == "7"


def test_responses_are_kept_in_whatever_way_they_are_written() -> None:
    listed = ["one", {"text": "two", "model": "m"}, {"text": "three", "model": None}, ""]
    made = only(LEAST | {"responses": listed, "response_a": "four", "model_a": "n"})
    assert made.given == (Given("one"), Given("two", "m"), Given("three"), Given(""), Given("four", "n"))
    assert only({"q": "q", "answers": ["one"]}, prompt="q", responses="answers").given == (Given("one"),)


def test_a_row_that_people_labelled_stays_the_pair_it_is() -> None:
    (one,) = taken(LEAST | {"response_a": "x", "response_b": "y", "human_label": "b", "responses": ["z"]})
    assert isinstance(one, Pair)
    assert (one.response_a, one.response_b, one.human_label) == ("x", "y", Verdict.B)


def test_the_same_prompt_with_the_same_responses_is_set_aside() -> None:
    first, again, other = taken(LEAST | {"id": "a"}, {"prompt": " Q "} | {"id": "b"}, LEAST | {"responses": ["x"]})
    assert isinstance(again, SetAside)
    assert (again.reason, again.detail) == ("repeated prompt", "the same prompt and responses as 'a'")
    assert again.pair is not None
    assert again.pair.id == "b"
    assert isinstance(first, Placed)
    assert isinstance(other, Placed)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": "q"}, "rows:1: no column 'prompt' for prompt"),
        (LEAST | {"responses": "one"}, "responses must be a list of texts or of {model, text}, found 'one'"),
        (LEAST | {"responses": [7]}, "one of the responses must be text or {model: text, text: text}, found 7"),
        (LEAST | {"responses": [{"model": "m"}]}, "one of the responses must be text"),
        (LEAST | {"responses": [{"text": "m", "modle": "m"}]}, "one of the responses must be text"),
        (LEAST | {"responses": ["\ud800"]}, "responses holds half a character"),
        (LEAST | {"scenario": "plan"}, "did you mean 'planning'?"),
        ({"prompt": [{"role": "assistant", "content": "Hello."}]}, "the prompt ends with a turn of the assistant"),
        (LEAST | {"human_label": "a"}, "rows:1: no column 'response_a' for response_a"),
        (LEAST | {"human_label": "c"}, "human_label must be a, b or tie"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(values: dict[str, Any], said: str) -> None:
    found = refusal(values)
    assert said in found
    assert found.startswith("rows:1: ")


def test_where_nobody_is_asked_a_row_needs_two_responses() -> None:
    assert "a pair needs two responses, found 1, and nobody is asked for more; list models" in refusal(
        LEAST | {"responses": ["one"]}, asked=False
    )
    aside, kept = taken(LEAST, LEAST | {"responses": ["one", "two"]}, asked=False, skip=True)
    assert isinstance(aside, SetAside)
    assert aside.reason == "unreadable row"
    assert isinstance(kept, Placed)


def test_ids_are_unique_among_prompts_and_pairs() -> None:
    pair = LEAST | {"id": 1, "response_a": "x", "response_b": "y", "human_label": "b"}
    assert "rows:2: id '1' stands already at rows:1" in refusal(LEAST | {"id": "1"}, pair)


def test_a_config_without_models_says_how_a_prompt_alone_is_answered() -> None:
    with pytest.raises(ConfigError, match="or have models answer the prompts with a section `responses:`"):
        list(pairs([row(1, LEAST)], {}, CATALOGUE, skip_bad_rows=False))
