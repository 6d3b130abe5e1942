"""Documents and examples that a model is shown which writes prompts."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth.config.model import Generate
from synth.errors import ConfigError
from synth.run.prompting.material import Example, material


def given(**more: Any) -> Generate:
    return Generate.model_validate({"per_scenario": 1, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "docs" / "b.md").write_text("Oolong.")
    (tmp_path / "docs" / "a.txt").write_text("Green tea.")
    (tmp_path / "docs" / "deep" / "c.jsonl").write_text('{"text": "White tea."}\n{"text": "Black tea."}\n')
    (tmp_path / "docs" / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_a_folder_is_read_file_by_file_in_one_order(folder: Path) -> None:
    found = material(given(documents="docs"), folder).passages
    assert [(one.source, one.text) for one in found] == [
        ("a.txt#1", "Green tea."),
        ("b.md#1", "Oolong."),
        ("c.jsonl:1#1", "White tea."),
        ("c.jsonl:2#1", "Black tea."),
    ]
    assert [one.text for one in material(given(documents="docs/b.md"), folder).passages] == ["Oolong."]


def test_examples_are_a_list_or_rows_of_prompts_with_a_scenario_where_they_name_one(folder: Path) -> None:
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    rows = [
        {"prompt": "What is tea?", "scenario": "planning"},
        {"prompt": [*turns, {"role": "user", "content": "Tea?"}]},
    ]
    (folder / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert material(given(examples=["One", "Two"]), folder).examples == (Example("One"), Example("Two"))
    found = material(given(examples="examples.jsonl"), folder).examples
    assert found == (Example("What is tea?", "planning"), Example("Tea?"))


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("", {"documents": "none.md"}, r"none.md: no such file"),
        ("", {"documents": "empty"}, r"empty: holds no .txt"),
        ("", {"documents": "file.md"}, r"file.md: no text in it"),
        ('{"body": "x"}', {"documents": "file.jsonl"}, r"file.jsonl:1: no column 'text' with text"),
        ("not JSON", {"documents": "file.jsonl"}, r"file.jsonl:1: not JSON: .* takes rows with a column 'text'"),
        ('{"prompt": ""}', {"examples": "file.jsonl"}, r"file.jsonl:1: prompt is empty; prompts.generate.examples"),
        ('{"text": "x"}', {"examples": "file.jsonl"}, r"file.jsonl:1: prompt must be text .* a column 'prompt'"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, text: str, more: Any, said: str) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("file.md", "file.jsonl"):
        (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=said):
        material(given(**more), tmp_path)
