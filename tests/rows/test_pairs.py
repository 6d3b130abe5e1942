import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, Pair, Verdict
from synth.errors import ConfigError
from synth.rows.columns import INPUT
from synth.rows.pairs import SetAside, pairs, prompt_key
from synth.rows.read import BadRow, Row
from synth.scenario import Catalogue, Scenario
from tests.strategies import prompts

CATALOGUE = Catalogue({name: Scenario(name, "group", "what", ()) for name in ("others", "planning", "ranking")})
LEAST = {"prompt": "q", "response_a": "one", "response_b": "two"}


def row(number: int, values: Mapping[str, Any]) -> Row:
    return Row(number, f"rows:{number}", values)


def taken(
    rows: Iterable[Mapping[str, Any] | BadRow], columns: Mapping[str, str] | None = None, *, skip: bool = False
) -> list[Pair | SetAside]:
    numbered = [one if isinstance(one, BadRow) else row(number, one) for number, one in enumerate(rows, start=1)]
    return list(pairs(numbered, columns or {}, CATALOGUE, skip_bad_rows=skip))


def only(values: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Pair:
    (one,) = taken([values], columns)
    assert isinstance(one, Pair)
    return one


def refusal(*rows: Mapping[str, Any] | BadRow, columns: Mapping[str, str] | None = None, skip: bool = False) -> str:
    with pytest.raises(ConfigError) as caught:
        taken(rows, columns, skip=skip)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_row_with_every_column_becomes_a_pair() -> None:
    values = {
        "id": "p1",
        "prompt": "q",
        "response_a": " one ",
        "response_b": "two",
        "scenario": "planning",
        "reference": "ref",
        "model_a": "m1",
        "model_b": "m2",
        "human_label": "tie",
        "source": "web",
        "human_labels": ["tie", None, "a", "tie"],
    }
    assert set(values) == set(INPUT)
    assert only(values | {"other": object()}) == Pair(
        id="p1",
        prompt=(Message("user", "q"),),
        response_a=" one ",
        response_b="two",
        scenario="planning",
        reference="ref",
        model_a="m1",
        model_b="m2",
        human_label=Verdict.TIE,
        source="web",
        human_labels=(Verdict.TIE, Verdict.A, Verdict.TIE),
    )


@pytest.mark.parametrize(
    ("labels", "majority"),
    [(["a", "b", "a"], "a"), (["tie"], "tie"), (["a", "b"], None), (["a", "b", "tie", "tie"], "tie"), ([], None)],
)
def test_of_several_annotators_the_majority_is_the_label(labels: list[str], majority: str | None) -> None:
    assert only(LEAST | {"human_labels": labels}).human_label == majority
    assert only(LEAST | {"human_labels": labels, "human_label": "b"}).human_label == "b"


@pytest.mark.parametrize("nothing", [None, math.nan, ""])
def test_what_the_data_leaves_empty_counts_as_absent(nothing: object) -> None:
    absent = dict.fromkeys((name for name in INPUT if name not in LEAST), nothing)
    assert only(LEAST | absent) == only(LEAST)
    assert only(LEAST).scenario == ""
    assert only(LEAST).human_label is None


def test_columns_are_read_under_the_datas_own_names() -> None:
    values = {"question": "q", "good": "one", "bad": "two", "prompt": "not this one", "label": "a"}
    mapped = only(values, {"prompt": "question", "response_a": "good", "response_b": "bad", "human_label": "label"})
    assert mapped.prompt == (Message("user", "q"),)
    assert (mapped.response_a, mapped.response_b, mapped.human_label) == ("one", "two", Verdict.A)


def test_a_number_is_an_id() -> None:
    assert only(LEAST | {"id": 7}).id == "7"
    assert only(LEAST | {"id": 0}).id == "0"


def test_a_prompt_of_several_turns_keeps_them() -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": ""},
    ]
    assert only(LEAST | {"prompt": turns}).prompt == (
        Message("system", "Be brief."),
        Message("user", "q"),
        Message("assistant", ""),
    )


BAD_VALUES: dict[str, tuple[dict[str, Any], str]] = {
    "empty prompt": ({"prompt": " \n"}, "prompt is empty"),
    "no prompt": ({"prompt": None}, "prompt must be text or a list of {role, content}, found None"),
    "number as prompt": ({"prompt": 5}, "prompt must be text or a list of {role, content}, found 5"),
    "mapping as prompt": ({"prompt": {"role": "user", "content": "q"}}, "prompt must be text or a list"),
    "no turns": ({"prompt": []}, "prompt must be text or a list of {role, content}, found []"),
    "empty turns": ({"prompt": [{"role": "user", "content": " "}]}, "prompt is empty"),
    "text as turn": ({"prompt": ["q"]}, "a turn of the prompt must be {role: system|user|assistant, content: text}"),
    "unknown role": ({"prompt": [{"role": "tool", "content": "q"}]}, "found {'role': 'tool', 'content': 'q'}"),
    "list as role": ({"prompt": [{"role": ["user"], "content": "q"}]}, "a turn of the prompt must be"),
    "no role": ({"prompt": [{"content": "q"}]}, "a turn of the prompt must be"),
    "no content": ({"prompt": [{"role": "user"}]}, "a turn of the prompt must be"),
    "parts as content": ({"prompt": [{"role": "user", "content": [{"type": "text"}]}]}, "a turn of the prompt must be"),
    "half a character in a prompt": ({"prompt": "ab\ud800"}, "prompt holds half a character at position 2"),
    "half a character in a turn": (
        {"prompt": [{"role": "user", "content": "\udc00"}]},
        "prompt holds half a character",
    ),
    "empty response": ({"response_a": ""}, "response_a is empty"),
    "blank response": ({"response_b": " \t\n"}, "response_b is empty"),
    "no response": ({"response_b": None}, "response_b is empty"),
    "missing cell": ({"response_a": math.nan}, "response_a is empty"),
    "number as response": ({"response_a": 42}, "response_a must be text, found 42"),
    "list as response": ({"response_b": ["two"]}, "response_b must be text, found ['two']"),
    "half a character in a response": ({"response_a": "\ud83d"}, "response_a holds half a character at position 0"),
    "number as reference": ({"reference": 42}, "reference must be text, found 42"),
    "number as scenario": ({"scenario": 1}, "scenario must be text, found 1"),
    "true as id": ({"id": True}, "id must be text, found True"),
    "fraction as id": ({"id": 1.5}, "id must be text, found 1.5"),
    "list as model": ({"model_a": []}, "model_a must be text, found []"),
    "capital label": ({"human_label": "A"}, "human_label must be a, b or tie, found 'A'"),
    "number as label": ({"human_label": 1}, "human_label must be a, b or tie, found 1"),
    "list as label": ({"human_label": ["a"]}, "human_label must be a, b or tie, found ['a']"),
    "one label for several": ({"human_labels": "a"}, "human_labels must be a list of a, b or tie, found 'a'"),
    "unknown among labels": ({"human_labels": ["a", "c"]}, "human_labels must be a list of a, b or tie, found ['a', "),
    "long value": ({"response_a": ["x" * 1000]}, "found ['" + "x" * 58),
}


@pytest.mark.parametrize(("change", "problem"), BAD_VALUES.values(), ids=BAD_VALUES)
def test_a_value_that_no_pair_can_have_stops_the_run_or_sets_the_row_aside(
    change: dict[str, Any], problem: str
) -> None:
    said = refusal(LEAST | change)
    assert said.startswith("rows:1: ")
    assert problem in said
    assert said.endswith("; mend it, or set `data: {bad_rows: skip}`")
    assert len(said) < 300

    aside, good = taken([LEAST | change, LEAST], skip=True)
    assert isinstance(aside, SetAside)
    assert isinstance(good, Pair)
    assert (aside.number, aside.reason, aside.pair) == (1, "unreadable row", None)
    assert problem in aside.detail
    assert json.loads(aside.raw)["response_b"] == (LEAST | change)["response_b"]
    aside.raw.encode()


def test_a_line_that_was_no_row_stops_the_run_or_is_set_aside() -> None:
    broken = BadRow(1, "rows:1", "not JSON: Expecting value", "nope")
    assert refusal(broken, LEAST) == ("rows:1: not JSON: Expecting value; mend it, or set `data: {bad_rows: skip}`")
    aside, good = taken([broken, LEAST], skip=True)
    assert aside == SetAside(1, "unreadable row", "rows:1: not JSON: Expecting value", raw="nope")
    assert isinstance(good, Pair)


@pytest.mark.parametrize("needed", ["prompt", "response_a", "response_b"])
@pytest.mark.parametrize("skip", [False, True])
def test_an_absent_column_is_refused_with_the_nearest_one(needed: str, skip: bool) -> None:
    values = {f"{name}_text" if name == needed else name: value for name, value in LEAST.items()}
    said = refusal(values, skip=skip)
    assert f"rows:1: no column '{needed}' for {needed}" in said
    assert f"did you mean '{needed}_text'? the row has {', '.join(map(repr, values))};" in said
    assert f"`data: {{columns: {{{needed}: ...}}}}`" in said


def test_a_row_without_a_column_that_the_others_have_is_refused() -> None:
    assert "rows:2: no column 'response_b'" in refusal(LEAST, {"prompt": "q", "response_a": "one"})


def test_a_mapped_column_that_is_not_there_is_refused() -> None:
    said = refusal(LEAST | {"expected": "r"}, columns={"reference": "expcted"})
    assert "no column 'expcted' for reference; did you mean 'expected'?" in said


def test_a_mapped_column_is_looked_for_in_the_first_row_that_can_be_read() -> None:
    broken = BadRow(1, "rows:1", "not JSON", "nope")
    assert "rows:2: no column 'expcted'" in refusal(broken, LEAST, columns={"reference": "expcted"}, skip=True)


def test_later_rows_may_leave_out_what_is_optional() -> None:
    first, second = taken([LEAST | {"ref": "r"}, LEAST | {"prompt": "q2"}], {"reference": "ref"})
    assert isinstance(first, Pair)
    assert isinstance(second, Pair)
    assert (first.reference, second.reference) == ("r", "")


def test_a_second_row_of_one_id_is_refused() -> None:
    said = refusal(LEAST | {"id": "x"}, LEAST | {"id": "y", "prompt": "q2"}, LEAST | {"id": "x", "prompt": "q3"})
    assert said == "rows:3: id 'x' stands already at rows:1; ids are unique"


def test_a_number_and_its_text_are_one_id() -> None:
    assert "id '7' stands already" in refusal(LEAST | {"id": 7}, LEAST | {"id": "7", "prompt": "q2"})


@pytest.mark.parametrize("skip", [False, True])
def test_an_unknown_scenario_is_refused_with_the_nearest_one(skip: bool) -> None:
    said = refusal(LEAST | {"scenario": "planing"}, skip=skip)
    assert said.startswith("rows:1: unknown scenario 'planing'; did you mean 'planning'")


def test_identical_responses_are_set_aside() -> None:
    (aside,) = taken([LEAST | {"response_b": "one"}])
    assert isinstance(aside, SetAside)
    assert aside.reason == "identical responses"
    assert aside.pair is not None
    assert (aside.pair.response_a, aside.pair.response_b) == ("one", "one")


def test_responses_that_differ_in_white_space_are_a_pair() -> None:
    assert only(LEAST | {"response_b": "one "}).response_b == "one "


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(LEAST, id="as it was"),
        pytest.param(LEAST | {"response_a": "two", "response_b": "one"}, id="in the other order"),
        pytest.param(LEAST | {"prompt": " Q "}, id="with a prompt that differs in case and white space"),
        pytest.param(LEAST | {"prompt": [{"role": "user", "content": "q"}]}, id="with the prompt as a list"),
    ],
)
def test_a_repeated_pair_is_set_aside(again: dict[str, Any]) -> None:
    first, aside = taken([LEAST | {"id": "first"}, again | {"id": "again"}])
    assert isinstance(first, Pair)
    assert isinstance(aside, SetAside)
    assert (aside.number, aside.reason, aside.detail) == (2, "repeated pair", "the same pair as 'first'")
    assert aside.pair is not None
    assert aside.pair.id == "again"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(LEAST | {"prompt": "q?"}, id="prompt"),
        pytest.param(LEAST | {"response_a": "One"}, id="response"),
        pytest.param(LEAST | {"prompt": [{"role": "system", "content": "q"}]}, id="role"),
    ],
)
def test_a_pair_that_differs_is_no_repeat(other: dict[str, Any]) -> None:
    assert [type(one) for one in taken([LEAST, other])] == [Pair, Pair]


def test_a_made_up_id_is_the_same_on_every_machine() -> None:
    assert only(LEAST).id == "6a824f9d8cfb41dc"


TEXTS = st.sampled_from(["q", "Q", "one", "two", "three"])
LEASTS = st.fixed_dictionaries({"prompt": TEXTS, "response_a": TEXTS, "response_b": TEXTS})
BROKEN = st.just(BadRow(0, "rows:?", "not JSON", "nope"))


@given(st.lists(LEASTS, max_size=8), st.randoms())
def test_made_up_ids_do_not_depend_on_the_order_of_rows(rows: list[dict[str, str]], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    ids = {one.id for one in taken(rows) if isinstance(one, Pair)}
    assert ids == {one.id for one in taken(shuffled) if isinstance(one, Pair)}
    assert len(ids) == sum(isinstance(one, Pair) for one in taken(rows))


@given(st.lists(LEASTS | BROKEN | LEASTS.map(lambda values: values | {"response_a": ""}), max_size=12))
def test_no_row_is_lost(rows: list[dict[str, str] | BadRow]) -> None:
    found = taken(rows, skip=True)
    assert len(found) == len(rows)
    for one, values in zip(found, rows, strict=True):
        pair = one if isinstance(one, Pair) else one.pair
        if isinstance(values, BadRow) or not values["response_a"]:
            assert pair is None
        else:
            assert pair is not None
            assert pair.prompt[0].content == values["prompt"]
            assert (pair.response_a, pair.response_b) == (values["response_a"], values["response_b"])


@given(st.lists(LEASTS, max_size=12))
def test_no_pair_is_judged_twice(rows: list[dict[str, str]]) -> None:
    judged = [one for one in taken(rows) if isinstance(one, Pair)]
    keys = [(prompt_key(one.prompt), frozenset({one.response_a, one.response_b})) for one in judged]
    assert len(set(keys)) == len(keys)
    assert all(len(responses) == 2 for _, responses in keys)
    different = {
        (values["prompt"].lower(), frozenset({values["response_a"], values["response_b"]}))
        for values in rows
        if values["response_a"] != values["response_b"]
    }
    assert len(different) == len(keys)


ANY_TEXT = st.text(st.characters(), max_size=6)  # half characters too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content"]) | ANY_TEXT, inner, max_size=3)
    ),
    max_leaves=5,
)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "tool"]) | ANY_JSON, "content": ANY_TEXT | ANY_JSON}),
    max_size=3,
)
ANY_ROW = st.fixed_dictionaries(
    {"prompt": ANY_TEXT | TURNS | ANY_JSON, "response_a": ANY_TEXT | ANY_JSON, "response_b": ANY_TEXT | ANY_JSON},
    optional={
        "scenario": st.sampled_from(["others", "planning", "plannin"]) | ANY_JSON,
        "human_label": st.sampled_from(["a", "tie"]) | ANY_JSON,
        "human_labels": st.lists(st.sampled_from(["a", "tie"]) | ANY_JSON, max_size=3) | ANY_JSON,
        "id": ANY_JSON,
        "reference": ANY_TEXT | ANY_JSON,
        "zebra": ANY_JSON,
    },
)


@given(st.lists(ANY_ROW | st.dictionaries(ANY_TEXT, ANY_JSON, max_size=3), max_size=3), st.booleans())
def test_whatever_stands_in_the_rows_they_are_used_set_aside_or_refused(rows: list[dict[str, Any]], skip: bool) -> None:
    try:
        found = taken(rows, skip=skip)
    except ConfigError as error:
        said = str(error)
    else:
        said = ""
        assert len(found) == len(rows)
        for one in found:
            if isinstance(one, SetAside):
                (one.detail + one.raw).encode()
            else:
                turns = "".join(turn.content for turn in one.prompt)
                assert turns.strip()
                assert one.response_a.strip()
                (one.id + turns + one.response_a + one.response_b + one.reference + one.source).encode()
    assert "\n" not in said


@given(prompts)
def test_a_prompt_is_the_same_prompt_in_other_case_and_white_space(prompt: tuple[Message, ...]) -> None:
    shouted = tuple(Message(turn.role, f" \n{turn.content.title()}\t") for turn in prompt)
    if all(turn.content.title().casefold() == turn.content.casefold() for turn in prompt):
        assert prompt_key(shouted) == prompt_key(prompt)


def test_prompts_that_differ_in_words_roles_or_turns_are_different_prompts() -> None:
    different = [
        (Message("user", "a b"),),
        (Message("user", "ab"),),
        (Message("system", "a b"),),
        (Message("user", "a"), Message("user", "b")),
        (Message("user", "a"), Message("assistant", "b")),
    ]
    assert len({prompt_key(prompt) for prompt in different}) == len(different)
