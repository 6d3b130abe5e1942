"""An import by the settings of a config, as functions do it."""

import json
from pathlib import Path

import pytest

from synth.cli.recorded import import_judgments as command
from synth.config.model import Imported
from synth.errors import ConfigError
from synth.run.again import filter_again
from synth.run.finished import config_of
from synth.run.folder import RunFolder
from synth.run.recorded.importing import import_judgments

SETTINGS = """\
filters: {preset: minimal, contaminated: {benchmarks: [known.jsonl]}}
outputs:
  folder: elsewhere
  formats: [preference]
  splits: {train: 0.5, rest: 0.5}
card: {license: cc0-1.0}
"""
KNOWN = "Which of the two roads from the old mill to the harbour is the shorter one?"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    (tmp_path / "known.jsonl").write_text(json.dumps({"prompt": KNOWN}))
    judgments = [
        {"teacher": "t", "protocol": "pairwise", "order": order, "verdict": "a", "critique": "It gives the name."}
        for order in ("ab", "ba")
    ]
    made = [
        {
            "id": str(number),
            "prompt": KNOWN if number == 3 else f"What is the capital of country number {number}?",
            "response_a": f"Upper Town {number}",
            "response_b": "Nobody knows.",
            "judgments": judgments,
        }
        for number in range(12)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in made))
    return path


def files(run: Path) -> dict[str, bytes]:
    every = (path for path in run.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(run)): path.read_bytes() for path in every}


def test_an_import_filters_and_exports_as_a_config_says(rows: Path) -> None:
    settings = rows.with_name("settings.yaml")
    settings.write_text(SETTINGS)
    done = import_judgments(rows, folder=rows.parent / "out", config_path=settings, how=Imported())
    run = rows.parent / "out" / "rows"
    assert done.funnel.record()["dropped"] == {
        "malformed": {},
        "order_unstable": {},
        "contaminated": {"benchmark prompt": 1},
    }
    assert list(done.exported.rows) == ["preference"]
    assert set(done.exported.rows["preference"]) == {"train", "rest"}
    assert config_of(RunFolder(run)).card.license == "cc0-1.0"
    before = files(run)
    filter_again(run, base=rows.parent)
    assert files(run) == before


def test_a_preset_beside_a_config_is_refused(rows: Path) -> None:
    with pytest.raises(ConfigError, match="both say how to filter"):
        command(rows, filters="strict", config=rows)


def test_what_no_config_may_say_no_import_takes(rows: Path) -> None:
    settings = rows.with_name("settings.yaml")
    settings.write_text("filter: minimal\n")
    with pytest.raises(ConfigError, match="unknown key 'filter'"):
        import_judgments(rows, folder=rows.parent / "out", config_path=settings)
    assert not (rows.parent / "out").exists()
