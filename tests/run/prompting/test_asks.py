"""Who writes prompts, and what is asked for each."""

from pathlib import Path
from typing import Any

import pytest

from synth.domain import ParseFailure
from synth.errors import ConfigError
from synth.parsing.prompt_reply import WrittenPrompt
from synth.promptset.slots import Slot
from synth.promptset.writing import Wanted
from synth.run.models import models
from synth.run.prompting.asks import Asks
from tests.run.responding.test_prepared import prepared, responder

RESPONSES = {"models": [responder("a", 1), responder("b", 1)]}
SLOT = Slot("planning", 1, (("tone", "curt"),))


def asks(folder: Path, generate: dict[str, Any], **more: Any) -> Asks:
    given = {"data": {}, "responses": RESPONSES, "scenarios": {"among": ["planning", "code_generation"]}} | more
    prompts = {**given.pop("prompts", {}), "generate": {"per_scenario": 2, **generate}}
    return Asks(prepared(folder, **given, prompts=prompts))


def test_the_teacher_writes_where_nobody_is_named_at_a_temperature_of_its_own(tmp_path: Path) -> None:
    teacher = {"model": "judge", "base_url": "http://localhost:1/v1", "api_key_env": "", "mode": "batch"}
    one = asks(tmp_path, {}, teacher=teacher | {"parameters": {"temperature": 0, "top_p": 0.9}, "max_tokens": 99})
    request = one.request(Wanted(SLOT))
    assert (request.model, request.max_tokens) == ("judge", 99)
    assert request.parameters == {"temperature": 1, "top_p": 0.9}
    assert one.writer.base_url == "http://localhost:1/v1"
    as_it_is = asks(tmp_path, {"temperature": None}, teacher=teacher | {"parameters": {"top_p": 0.9}})
    assert as_it_is.request(Wanted(SLOT)).parameters == {"top_p": 0.9}


def test_a_writer_has_from_the_teacher_what_it_does_not_name_and_its_price_is_known(tmp_path: Path) -> None:
    one = asks(tmp_path, {"model": {"model": "writer", "prices": {"input": 7, "output": 7}}})
    assert (one.writer.model, one.writer.base_url, one.writer.api_key_env) == ("writer", "http://localhost:1/v1", "")
    price = one.prepared.prices["writer"]
    assert price is not None
    assert price.rates[0].input == 7
    assert "prompts.generate.model" in [model.key for model in models(one.prepared.config)]


def test_an_ask_says_everything_that_was_drawn_and_begins_alike_for_a_scenario(tmp_path: Path) -> None:
    (tmp_path / "docs.md").write_text("Oolong is half oxidised.")
    more = {"domain": "A tea shop.", "documents": "docs.md", "examples": ["How long does tea keep?"]}
    one = asks(tmp_path, more, prompts={"languages": ["de"], "min_chars": 20, "max_chars": 400})
    (first, second), other = one.every_slot[:2], one.every_slot[2]
    assert {first.scenario, second.scenario} == {"planning", "code_generation"}
    assert other.scenario == first.scenario
    system, user = (content for _, content in one.request(Wanted(first)).messages)
    for said in (one.prepared.catalogue.get(first.scenario).definition, "A tea shop.", "between 20 and 400 characters"):
        assert said in system
    for said in ("Oolong is half", "How long does tea keep?", "- language: German", *dict(first.attributes).values()):
        assert said in user
    assert "written_already" not in user
    assert one.request(Wanted(other)).messages[0] == ("system", system)
    again = one.request(Wanted(first, 1, "A prompt that is there."))
    assert "A prompt that is there." in again.messages[1][1]
    assert again.sample == 1


def test_examples_are_those_of_the_scenario_where_the_user_names_none_for_it(tmp_path: Path) -> None:
    (tmp_path / "examples.jsonl").write_text('{"prompt": "Sort a list.", "scenario": "code_generation"}\n')
    one = asks(tmp_path, {"examples": "examples.jsonl"})
    of_code, of_planning = (
        one.request(Wanted(Slot(name, 1, ()))).messages[1][1] for name in ("code_generation", "planning")
    )
    assert "Sort a list." in of_code
    assert "Sort a list." not in of_planning
    assert any(example in of_planning for example in one.prepared.catalogue.get("planning").examples)


def test_each_passage_comes_once_before_one_comes_again_and_another_try_has_another(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in "abc":
        (tmp_path / "docs" / f"{name}.txt").write_text(f"Passage {name}.")
    one = asks(tmp_path, {"documents": "docs"})
    drawn = [one.passage(Wanted(Slot("planning", number, ()))) for number in range(1, 7)]
    assert len({passage.source for passage in drawn[:3] if passage}) == 3
    assert drawn[:3] == drawn[3:]
    assert one.passage(Wanted(SLOT, 1)) != drawn[0]


def test_a_default_scenario_is_what_prompts_are_written_of(tmp_path: Path) -> None:
    one = asks(tmp_path, {"per_scenario": None, "total": 3}, scenarios={"default": "others"})
    assert [slot.id for slot in one.every_slot] == [f"generated-others-{number}" for number in (1, 2, 3)]


def test_a_reply_is_a_prompt_or_a_failure_with_its_reason(tmp_path: Path) -> None:
    one = asks(tmp_path, {})
    assert one.read('{"situation": "s", "prompt": " What? "}', "stop") == WrittenPrompt("s", "What?")
    for reply, finish, said in [
        ('{"situation": "s", "pro', "length", "the reply reached max_tokens"),
        ("", "refusal", "the model declined to write it"),
        ('{"situation": "s", "prompt": "  "}', "stop", "the prompt is empty"),
    ]:
        found = one.read(reply, finish)
        assert isinstance(found, ParseFailure)
        assert found.reason == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"data": {}}, r"'data.path' is missing"),
        ({"data": {}, "prompts": {"generate": {"per_scenario": 1}}}, r"'responses' is missing"),
        ({"prompts": {"generate": {}}}, r"needs one of 'per_scenario' and 'total'"),
        ({"prompts": {"generate": {"per_scenario": 1, "total": 1}}}, r"needs one of 'per_scenario' and 'total'"),
        (
            {"prompts": {"generate": {"total": 1, "attributes": {"tone": ["", "x"]}}}},
            r"attributes.tone: needs different",
        ),
        ({"prompts": {"generate": {"total": 1, "model": {"model": "m", "mode": "batch"}}}}, r"unknown key .*mode"),
        ({"prompts": {"min_chars": 9, "max_chars": 3}}, r"min_chars 9 is above max_chars 3"),
        ({"prompts": {"similarity": 0}}, r"greater than 0"),
    ],
)
def test_what_no_config_may_say_is_refused(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        prepared(tmp_path, **more)
