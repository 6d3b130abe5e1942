"""What `judgemill scenarios new` writes without a teacher."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from synth import yaml_file
from synth.errors import ConfigError
from synth.run.draft import new
from synth.scenario import BUILT_IN, load
from synth.scenario.definition import Definition
from synth.scenario.draft_file import one_line, schema_reference, yaml_text
from synth.scenario.lint import check
from tests.conftest import ROOT

ABOUT = "A customer wants money back for an order and has told why."


def test_a_new_scenario_is_valid_and_a_draft(tmp_path: Path) -> None:
    path = new("refund_request", ABOUT, tmp_path / "mine", ["conversation"])
    made = load([tmp_path / "mine"]).get("refund_request")
    assert path == tmp_path / "mine" / "refund_request.yaml"
    assert made.draft
    assert made.definition == ABOUT
    assert {criterion.origin for criterion in made.criteria} == {"conversation", "refund_request"}
    assert check([path]).clean


def test_what_is_to_be_replaced_says_so_everywhere(tmp_path: Path) -> None:
    values = yaml_file.read(new("refund_request", ABOUT, tmp_path, []))
    assert values["choose_when"].startswith("Replace this")
    assert all(one["description"].startswith("Replace this") for one in values["criteria"])
    assert {one["objective"] for one in values["criteria"]} == {True, False}


def test_editors_find_the_schema_from_where_the_file_stands(tmp_path: Path) -> None:
    def reference(path: Path) -> str:
        line = path.read_text().splitlines()[0]
        assert line.startswith("# yaml-language-server: $schema=")
        return line.partition("=")[2]

    outside = reference(new("refund_request", ABOUT, tmp_path, []))
    assert Path(outside) == BUILT_IN / "scenario.schema.json"
    inside = ROOT / "my_scenarios" / "refund_request.yaml"
    assert schema_reference(inside) == "../scenarios/scenario.schema.json"
    for path in (*BUILT_IN.rglob("*.yaml"), *(ROOT / "examples" / "packs").rglob("*.yaml")):
        assert reference(path) == schema_reference(path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Refund Request", "as in 'refund_request'"),
        ("7up", "as in 'up'"),
        ("", "as in 'refund_request'"),
        ("../escape", "as in 'escape'"),
        ("writing_email", "--extends writing_email"),
        ("writing", "defined already"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        new(name, ABOUT, tmp_path / "mine", [])
    assert not (tmp_path / "mine").exists()


def test_an_unknown_parent_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'conversation'"):
        new("refund_request", ABOUT, tmp_path, ["conversaton"])


def test_a_sentence_too_short_to_be_a_definition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--about"):
        new("refund_request", "Refunds.", tmp_path, [])


def test_rows_without_a_teacher_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--teacher"):
        new("refund_request", ABOUT, tmp_path, [], rows=tmp_path / "rows.jsonl")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = new("refund_request", ABOUT, tmp_path, [])
    path.write_text(before := path.read_text().replace("Replace this by", "Mine now:"))
    with pytest.raises(ConfigError, match="exists already"):
        new("refund_request", ABOUT, tmp_path, [])
    assert path.read_text() == before


def test_a_draft_with_its_examples_still_in_it_cannot_be_extended(tmp_path: Path) -> None:
    new("refund_request", ABOUT, tmp_path, [])
    with pytest.raises(ConfigError, match="'example_met_or_not' is inherited from 'refund_request' already"):
        new("partial_refund", ABOUT, tmp_path, ["refund_request"])


def test_a_new_scenario_may_extend_one_of_its_folder(tmp_path: Path) -> None:
    path = new("refund_request", ABOUT, tmp_path, [])
    path.write_text(path.read_text().replace("example_", "refund_"))
    new("partial_refund", ABOUT, tmp_path, ["refund_request"])
    origins = {criterion.origin for criterion in load([tmp_path]).get("partial_refund").criteria}
    assert origins == {"refund_request", "partial_refund"}


texts = st.text(min_size=1).filter(one_line)


@given(st.lists(texts, min_size=5, max_size=5))
def test_whatever_a_teacher_writes_the_file_says_it(said: list[str]) -> None:
    about, choose_when, description, applies_when, example = said
    criterion = {"name": "one", "type": "style", "objective": False}
    values: dict[str, Any] = {
        "name": "mine",
        "draft": True,
        "definition": about,
        "choose_when": choose_when,
        "extends": ["writing"],
        "criteria": [criterion | {"description": description, "applies_when": applies_when}],
        "examples": [example],
    }
    text = yaml_text(Definition(Path("group/mine.yaml"), values), note=about)
    read = YAML(typ="safe", pure=True).load(text)
    wanted = {key: one_line(value) if isinstance(value, str) else value for key, value in values.items()}
    wanted["criteria"] = [criterion | {"description": one_line(description), "applies_when": one_line(applies_when)}]
    wanted["examples"] = [one_line(example)]
    assert read == wanted
