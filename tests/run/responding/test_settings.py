"""Who answers which prompt, and what each is asked."""

from typing import Any

import pytest

from synth.config.model import Config
from synth.domain import Given, Message, PromptRow
from synth.errors import ConfigError
from synth.run.responding.settings import asked, given, is_the_teacher, lacking, request, responders

USER = Message("user", "q")


def config(*models: dict[str, Any], **more: Any) -> Config:
    return Config.model_validate(
        {
            "name": "x",
            "data": {"path": "p"},
            "teacher": {"model": "t"},
            "responses": {"models": list(models), **more},
        }
    )


def row(*texts: str, prompt: tuple[Message, ...] = (USER,)) -> PromptRow:
    return PromptRow("row", prompt, tuple(Given(text) for text in texts))


def test_several_temperatures_and_system_prompts_are_so_many_settings_of_one_weight() -> None:
    who = responders(config({"model": "m", "temperature": [0, 1], "system": ["", "Be brief."], "weight": 2}))
    assert [(one.temperature, one.system, one.weight) for one in who.settings] == [
        (0, "", 0.5),
        (0, "Be brief.", 0.5),
        (1, "", 0.5),
        (1, "Be brief.", 0.5),
    ]
    assert len(who.pools) == 1


def test_entries_of_one_endpoint_share_its_slots() -> None:
    one, other = {"model": "m", "temperature": 0}, {"model": "m", "temperature": 1, "max_tokens": 99}
    elsewhere = {"model": "m", "temperature": 0.5, "base_url": "http://elsewhere/v1"}
    who = responders(config(one, other, elsewhere))
    assert [one.pool for one in who.settings] == [0, 0, 1]
    assert [pool.base_url for pool in who.pools] == ["https://api.openai.com/v1", "http://elsewhere/v1"]


def test_the_same_setting_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"responses.models.1: m is listed with the same temperature"):
        responders(config({"model": "m"}, {"model": "m", "base_url": "http://elsewhere/v1"}))


def test_only_what_a_row_lacks_is_asked_for_and_a_refusal_does_not_count() -> None:
    who = responders(config({"model": "m"}, {"model": "n"}, {"model": "o"}, per_prompt=3))
    assert [lacking(row(*texts), who) for texts in ((), ("x",), ("x", "X "), ("I can't help.",), ("a", "b", "c"))] == [
        3,
        2,
        2,
        3,
        0,
    ]
    assert [number for number, _ in asked(row("x", "I can't help."), who, 0)] == [3, 4]
    assert [str(one.mark) for one in given(row("x", "x", ""))] == ["", "duplicate", "empty"]


def test_a_request_carries_the_setting_and_one_system_message() -> None:
    who = responders(
        config({"model": "m", "temperature": 0.5, "system": "Be brief.", "parameters": {"top_p": 1}, "max_tokens": 99})
    )
    (setting,) = who.settings
    one = request(row(prompt=(Message("system", "Rhyme."), USER)), setting)
    assert one.messages == (("system", "Be brief.\n\nRhyme."), ("user", "q"))
    assert (one.model, one.max_tokens, one.schema) == ("m", 99, "")
    assert one.parameters == {"top_p": 1, "temperature": 0.5}
    assert request(row(), setting).messages == (("system", "Be brief."), ("user", "q"))


def test_an_endpoint_is_asked_for_no_temperature_that_nobody_named() -> None:
    who = responders(config({"model": "m"}, {"model": "local"}))
    assert [request(row(), one).parameters for one in who.settings] == [{}, {"repeat_penalty": 1.1}]
    assert request(row(), who.settings[0]).messages == (("user", "q"),)


@pytest.mark.parametrize(
    ("models", "said"),
    [
        ([], "at least 1 item"),
        ([{"model": "m", "temperature": [1, 1]}], "several different ones"),
        ([{"model": "m", "system": []}], "several different ones"),
        ([{"model": "m", "weight": 0}], "greater than 0"),
        ([{"model": "m", "temperature": 1, "parameters": {"temperature": 1}}], "stands in 'parameters' too"),
        ([{"model": "m", "mode": "batch"}], "Extra inputs"),
    ],
)
def test_what_no_entry_may_say_is_refused(models: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        config(*models)


@pytest.mark.parametrize(
    ("teacher", "model", "same"),
    [
        ("gpt-4.1", "openai/GPT-4.1", True),
        ("Qwen/Qwen3-8B", "qwen3-8b", True),
        ("gpt-4.1", "gpt-4.1-mini", False),
        ("gpt-4.1", "", False),
    ],
)
def test_the_teacher_is_known_with_its_organisation_or_without(teacher: str, model: str, same: bool) -> None:
    assert is_the_teacher(teacher, model) is same
