import json
from pathlib import Path

import pytest

from synth.errors import ConfigError
from synth.run.export_again import export
from synth.run.recorded.importing import import_judgments

SCENARIO = """name: mine
definition: Everything that somebody asks of me.
criteria:
  - {name: short, description: Says what it says in few words., type: style, objective: false}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished run with a scenario of its own, made without a call."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.yaml").write_text(SCENARIO)
    judgments = [
        {"teacher": "t", "protocol": "pairwise", "order": order, "verdict": "a", "score_a": 9, "score_b": 2}
        for order in ("ab", "ba")
    ]
    pair = {"id": "1", "scenario": "mine", "prompt": "q", "response_a": "one", "response_b": "two"}
    (tmp_path / "recorded.jsonl").write_text(json.dumps(pair | {"judgments": judgments}))
    return import_judgments(Path("recorded.jsonl"), preset="minimal", scenario_folders=(Path("mine"),)).folder


def test_verdicts_without_words_are_exported_as_they_are(run: Path) -> None:
    exported = export(run, ["judgelm", "auto-j", "auto-j-single"])
    assert {name: sum(rows.values()) for name, rows in exported.rows.items()} == {
        "pairs": 1,
        "judgelm": 1,
        "auto-j": 1,
        "auto-j-single": 0,
    }
    assert exported.left_out["auto-j-single"] == {"not graded alone": 2}
    (path,) = (run / "dataset" / "judgelm").iterdir()
    assert json.loads(path.read_text())["text"] == "9 2\n"


def test_a_scenario_that_changed_since_the_run_is_told(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export(run, ["auto-j"])
    assert capsys.readouterr().err == ""
    Path("mine/mine.yaml").write_text(SCENARIO.replace("few words", "very few words"))
    export(run, ["auto-j"])
    assert "scenarios mine: changed since the run" in capsys.readouterr().err


def test_a_scenario_that_is_gone_is_an_error_and_changes_nothing(run: Path) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    Path("mine/mine.yaml").rename("mine/other.yaml")
    Path("mine/other.yaml").write_text(SCENARIO.replace("name: mine", "name: other"))
    with pytest.raises(ConfigError, match="unknown scenario 'mine'"):
        export(run, ["auto-j"])
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_an_export_elsewhere_writes_over_nothing(run: Path) -> None:
    Path("there").write_text("mine")
    with pytest.raises(ConfigError, match="--out there: is a file"):
        export(run, ["auto-j"], out=Path("there"))
    assert sum(export(run, ["auto-j", "auto-j"], out=Path("here")).rows["auto-j"].values()) == 1
    with pytest.raises(ConfigError, match="--out here: holds auto-j/ already"):
        export(run, ["judgelm", "auto-j"], out=Path("here"))
    assert [path.name for path in Path("here").iterdir()] == ["auto-j"]
