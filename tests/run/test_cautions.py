import json
from pathlib import Path

import pytest

from synth.config.source import Values
from synth.run.cautions import about_columns, about_keys
from synth.run.plan import plan
from synth.run.prepare import prepare

ROW = {"prompt": "q", "response_a": "a", "response_b": "b"}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)


def config(row: dict[str, str], **data: object) -> Values:
    Path("rows.jsonl").write_text(json.dumps(row))
    teacher = {"model": "m", "base_url": "http://127.0.0.1:9/v1", "api_key_env": "NO_SUCH_KEY"}
    return Values(
        {
            "name": "t",
            "data": {"path": "rows.jsonl", **data},
            "teacher": teacher,
            "scenarios": {"default": "others"},
        }
    )


@pytest.mark.parametrize(
    ("column", "meant"), [("human_lable", "human_label"), ("referense", "reference"), ("scenarios", "scenario")]
)
def test_a_column_that_is_nearly_one_of_ours_is_told(column: str, meant: str) -> None:
    (said,) = about_columns(prepare(config(ROW | {column: "a"}), {}, to_ask=False))
    assert said.startswith(f"rows.jsonl:1: nothing reads the column '{column}'; did you mean '{meant}'?")


@pytest.mark.parametrize(
    ("more", "data"),
    [
        ({"notes": "x", "url": "y"}, {}),
        ({"human_label": "a", "human_lable": "b"}, {}),
        ({"human_lable": "a"}, {"columns": {"human_label": "human_lable"}}),
    ],
    ids=["of another meaning", "beside the right one", "mapped"],
)
def test_columns_of_their_own_meaning_are_nobodys_business(more: dict[str, str], data: dict[str, object]) -> None:
    assert list(about_columns(prepare(config(ROW | more, **data), {}, to_ask=False))) == []


def test_a_plan_needs_no_key_and_says_that_the_run_will() -> None:
    given = config(ROW | {"human_lable": "a"})
    assert [note.partition(";")[0] for note in plan(given, {}).notes] == [
        "teacher: the environment variable NO_SUCH_KEY is not set, and the run will want it",
        "rows.jsonl:1: nothing reads the column 'human_lable'",
    ]
    assert list(about_keys(prepare(given, {}, to_ask=False)))
