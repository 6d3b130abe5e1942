"""What a config whose references are written can be prepared with."""

from pathlib import Path
from typing import Any

import pytest

from synth.domain import Message, Pair
from synth.errors import ConfigError
from synth.run.references.writer import wanted, writer
from tests.run.responding.test_prepared import prepared

PAIR = Pair("p", (Message("user", "Why?"),), "one", "two", "")


def test_votes_are_drawn_and_a_single_answer_is_not(tmp_path: Path) -> None:
    drawn = writer(prepared(tmp_path, references={"by": "majority"}))
    single = writer(prepared(tmp_path, references={"by": "model", "model": {"model": "big"}}))
    assert drawn is not None
    assert single is not None
    assert [one.sample for one in drawn.requests(PAIR.prompt)] == [0, 1, 2, 3, 4]
    assert {one.parameters["temperature"] for one in drawn.requests(PAIR.prompt)} == {0.7}
    assert [one.parameters for one in single.requests(PAIR.prompt)] == [{"temperature": 0}]


def test_votes_that_would_all_be_the_same_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"references.votes: at temperature 0 a model answers the same every time"):
        prepared(tmp_path, references={"by": "majority", "model": {"model": "big", "parameters": {"temperature": 0}}})


def test_a_budget_needs_the_price_of_the_model_that_writes(tmp_path: Path) -> None:
    teacher = {
        "model": "judge",
        "base_url": "http://localhost:1/v1",
        "api_key_env": "",
        "prices": {"input": 1, "output": 1},
    }
    written: dict[str, Any] = {"by": "model", "model": {"model": "big"}}
    with pytest.raises(ConfigError, match=r"budget_usd needs a price, .* for big .*; add references.model.prices"):
        prepared(tmp_path, teacher=teacher, references=written, budget_usd=1)


def test_only_prompts_of_the_scenarios_that_are_named_get_one_and_a_given_one_stays(tmp_path: Path) -> None:
    one = prepared(tmp_path, references={"by": "teacher", "scenarios": ["solve_first", "summarization"]})
    found = [
        name
        for name in ("math_reasoning", "code_generation", "note_summarization", "chitchat")
        if wanted(one, PAIR, name)
    ]
    assert found == ["math_reasoning", "code_generation", "note_summarization"]
    given = Pair("p", PAIR.prompt, "one", "two", "", reference="Given.")
    assert not wanted(one, given, "math_reasoning")
    assert not wanted(prepared(tmp_path), PAIR, "math_reasoning"), "nobody is asked where the config does not say so"
    assert wanted(prepared(tmp_path, references={"by": "teacher"}), PAIR, "chitchat")


def test_a_scenario_that_is_not_there_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"config.yaml:1: references.scenarios: unknown scenario, group or folder 'maths'"
    ):
        prepared(tmp_path, references={"by": "teacher", "scenarios": ["maths"]})
