import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from synth.domain import ParseFailure
from synth.parsing.scenario_reply import Choice, parse_scenario, scenario_schema
from synth.parsing.schema import on_the_wire

NAMES = ("planning", "ranking", "others")
SCHEMA = scenario_schema(NAMES)
SAID = {"reason": "A list is to be put in order.", "scenario": "ranking"}
CHOICE = Choice("ranking", "A list is to be put in order.")

READ = {
    "bare": json.dumps(SAID),
    "fenced": f"```json\n{json.dumps(SAID, indent=1)}\n```",
    "in another order": json.dumps(dict(reversed(SAID.items()))),
    "after thinking": f"<think>Is it planning?</think>{json.dumps(SAID)}",
    "twice the same": json.dumps(SAID) * 2,
}
UNREADABLE = {
    "nothing": ("", "empty"),
    "a name alone": ("ranking", "no JSON object"),
    "not on offer": (json.dumps(SAID | {"scenario": "chitchat"}), "'chitchat' is not one of"),
    "a near miss": (json.dumps(SAID | {"scenario": "Ranking"}), "'Ranking' is not one of"),
    "two names": (json.dumps(SAID | {"scenario": ["ranking", "planning"]}), "is not of type 'string'"),
    "two answers": (json.dumps(SAID) + json.dumps(SAID | {"scenario": "planning"}), "2 different"),
    "one field twice": ('{"reason": "x", "scenario": "planning", "scenario": "ranking"}', "no JSON object"),
    "no scenario": (json.dumps({"reason": "x"}), "'scenario' is a required property"),
    "cut off": (json.dumps(SAID)[:-5], "no JSON object"),
    "a prompt that was obeyed": ("1. Tea\n2. Coffee", "no JSON object"),
}


@pytest.mark.parametrize("reply", READ.values(), ids=READ)
def test_a_choice_is_read(reply: str) -> None:
    assert parse_scenario(reply, SCHEMA) == CHOICE


@pytest.mark.parametrize(("reply", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_choice_is_a_failure_with_its_reason_and_never_a_guess(reply: str, why: str) -> None:
    read = parse_scenario(reply, SCHEMA)
    assert isinstance(read, ParseFailure)
    assert why in read.reason
    assert read.raw == reply


@given(st.text() | st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(str))
def test_reading_is_total(reply: str) -> None:
    assert isinstance(parse_scenario(reply, SCHEMA), Choice | ParseFailure)


@given(st.sampled_from(NAMES), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_obeys_the_schema_that_is_sent_is_read(name: str, reason: str) -> None:
    said = {"reason": reason, "scenario": name}
    assert Draft202012Validator(on_the_wire(SCHEMA)).is_valid(said)
    assert parse_scenario(json.dumps(said), SCHEMA) == Choice(name, reason)


def test_what_is_sent_names_what_is_on_offer_and_limits_the_reason_only() -> None:
    assert on_the_wire(SCHEMA, max_chars=40) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["reason", "scenario"],
        "properties": {
            "reason": {"type": "string", "maxLength": 40},
            "scenario": {"type": "string", "enum": list(NAMES)},
        },
    }
