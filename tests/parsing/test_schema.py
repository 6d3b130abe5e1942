from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from synth.domain import SCALES, Protocol, Scale
from synth.parsing.schema import Schema, on_the_wire, schema

# What OpenAI's strict mode takes, and every other endpoint that was looked at.
KEYWORDS = {"type", "properties", "required", "additionalProperties", "enum", "minimum", "maximum", "anyOf"}

names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8) | st.sampled_from(
    ["title", "description", "score", "properties", "required", "type", "minLength"]  # keywords are fine names
)
criteria = st.dictionaries(names, st.booleans(), max_size=4)
scales = st.sampled_from(SCALES)
schemas = st.builds(schema, st.sampled_from(Protocol), scales, criteria, with_reference=st.booleans())
every = pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)


def parts(one: Schema) -> Iterator[Schema]:
    """A schema and all that stand in it."""
    yield one
    for inner in [*one.get("properties", {}).values(), *one.get("anyOf", ())]:
        yield from parts(inner)


@given(schemas)
def test_what_is_sent_obeys_strict_mode(full: Schema) -> None:
    for part in parts(on_the_wire(full)):
        assert set(part) <= KEYWORDS
        if part.get("type") == "object":
            assert part["required"] == list(part["properties"])
            assert part["additionalProperties"] is False


@settings(max_examples=25)
@given(schemas)
def test_a_schema_is_one(full: Schema) -> None:
    Draft202012Validator.check_schema(full)
    Draft202012Validator.check_schema(on_the_wire(full))


@given(schemas)
def test_what_is_sent_asks_for_the_same_fields(full: Schema) -> None:
    sent = on_the_wire(full)
    assert [part.get("required") for part in parts(sent)] == [part.get("required") for part in parts(full)]
    assert [part.get("maximum") for part in parts(sent)] == [part.get("maximum") for part in parts(full)]


@given(schemas)
def test_sending_a_schema_leaves_it_as_it_was(full: Schema) -> None:
    before = repr(full)
    on_the_wire(full)
    assert repr(full) == before


@given(schemas)
def test_a_limit_of_length_is_set_on_every_free_text_and_on_nothing_else(full: Schema) -> None:
    for part in parts(on_the_wire(full, 240)):
        free = part.get("type") == "string" and "enum" not in part
        assert part.get("maxLength") == (240 if free else None)


@every
@pytest.mark.parametrize("with_reference", [True, False])
def test_a_comparison_has_two_critiques_two_scores_and_a_verdict(scale: Scale, with_reference: bool) -> None:
    made = schema(Protocol.PAIRWISE, scale, with_reference=with_reference)
    fields = ["comparison", "critique_1", "critique_2", "score_1", "score_2", "verdict"]
    assert list(made["properties"]) == ["reference"] * with_reference + fields
    for name in ("score_1", "score_2"):
        assert made["properties"][name] == {"type": "integer", "minimum": scale.low, "maximum": scale.high}
    assert made["properties"]["verdict"]["enum"] == ["1", "2", "tie"]


@every
def test_every_grade_is_on_the_scale(scale: Scale) -> None:
    made = schema(Protocol.POINTWISE, scale, {"hot": False, "sweet": True}, with_reference=False)
    scores = [part["properties"]["score"] for part in parts(made) if "score" in part.get("properties", {})]
    assert scores == [{"type": "integer", "minimum": scale.low, "maximum": scale.high}] * 3


def test_a_grade_of_a_criterion_may_be_null_only_where_the_criterion_is_conditional() -> None:
    made = schema(Protocol.POINTWISE, SCALES[0], {"hot": False, "sweet": True}, with_reference=False)
    grade = {"comment": "c", "score": 3}

    def allowed(hot: Any, sweet: Any) -> bool:
        reply = {"criteria": {"hot": hot, "sweet": sweet}, "critique": "c", "score": 3}
        return Draft202012Validator(made).is_valid(reply)

    assert allowed(grade, grade)
    assert allowed(grade, None)
    assert not allowed(None, grade)


def test_without_criteria_the_whole_alone_is_graded() -> None:
    made = schema(Protocol.POINTWISE, SCALES[0], with_reference=True)
    assert list(made["properties"]) == made["required"] == ["reference", "critique", "score"]


def test_one_schema_does_not_change_the_next() -> None:
    first = schema(Protocol.POINTWISE, SCALES[0], {"hot": False}, with_reference=False)
    schema(Protocol.POINTWISE, SCALES[3], {"sweet": True}, with_reference=True)
    assert first == schema(Protocol.POINTWISE, SCALES[0], {"hot": False}, with_reference=False)
