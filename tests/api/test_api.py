"""The functions on a run that is made of recorded judgments, without a call."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from synth import ConfigError, Run, Verdict, audit, export, filter_again, load, plan, run
from synth.run.recorded.importing import import_judgments
from tests.conftest import ROOT

PAIRS = {"kept": ("a", "a"), "flips": ("a", "b"), "also kept": ("b", "b")}


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    rows = [
        {
            "id": name,
            "prompt": f"Of {name}?",
            "response_a": f"one {name}",
            "response_b": f"two {name}",
            "scenario": "others",
            "human_label": "a",
            "judgments": [
                {"teacher": "t", "protocol": "pairwise", "order": order, "verdict": verdict}
                for order, verdict in zip(("ab", "ba"), verdicts, strict=True)
            ],
        }
        for name, verdicts in PAIRS.items()
    ]
    bad = {"id": "same", "prompt": "q", "response_a": "x", "response_b": "x", "scenario": "others", "judgments": []}
    Path("recorded.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, bad]))
    return load(import_judgments(Path("recorded.jsonl"), preset="minimal").folder)


def test_every_row_of_a_run_is_kept_or_dropped(done: Run) -> None:
    assert {judged.pair.id: judged.verdict for judged in done.kept()} == {"kept": Verdict.A, "also kept": Verdict.B}
    aside, flips = done.dropped()
    assert (aside.why.filter, aside.why.reason, aside.judged) == ("input", "identical responses", None)
    assert aside.pair is not None
    assert aside.pair.id == "same"
    assert (flips.why.filter, flips.why.reason) == ("order_unstable", "verdict flips")
    assert flips.judged is not None
    assert [one.verdict for one in flips.judged.comparisons] == [Verdict.A, Verdict.B]
    assert [judged.pair.id for judged in done.judged_pairs()] == list(PAIRS)
    assert done.manifest["counts"]["kept"] == 2
    assert all(path.exists() for path in (done.card, done.report, done.dataset))


def test_filtering_again_brings_the_run_as_it_is_now(done: Run) -> None:
    again = filter_again(done, ["malformed", {"order_unstable": {"policy": "tie", "score_margin": None}}])
    assert {judged.pair.id: judged.verdict for judged in again.kept()}["flips"] is Verdict.TIE, "which was settled"
    assert [judged.verdict for judged in again.judged_pairs()] == [Verdict.A, None, Verdict.B], "as it was said"
    assert done.manifest["counts"]["kept"] == 2, "what was loaded before stays"
    assert again.manifest["counts"]["kept"] == 3
    assert load(done.folder).config.filters == again.config.filters


def test_filters_of_ones_own_are_looked_for_in_base(done: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "nothing_stays.py").write_text(
        "class No:\n    name = 'no'\n    def __call__(self, judged):\n        from filters import Drop\n"
        "        return Drop('no', '')\n"
    )
    with pytest.raises(ConfigError, match="cannot import 'nothing_stays'"):
        filter_again(done, ["nothing_stays:No"])
    again = filter_again(str(done.folder), ["nothing_stays:No"], base=tmp_path / "mine")
    assert list(again.kept()) == []


def test_the_example_drops_what_won_by_its_length(done: Run) -> None:
    code = ROOT / "examples" / "library" / "own_filter.py"
    again = filter_again(done, ["order_unstable", "own_filter:LongWinner"], base=code.parent)
    assert again.manifest["counts"]["kept"] == 2, "with responses of like lengths"
    said = subprocess.run(
        [sys.executable, str(code), str(done.folder), "0.5"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert "would drop 2 of 2 kept pairs: kept, also kept" in said
    assert "dropped 2, kept 0" in said


def test_an_export_elsewhere_leaves_the_run_as_it_is(done: Run) -> None:
    before = done.card.read_bytes()
    exported = export(done, ["preference"], into="elsewhere")
    assert sum(exported.rows["preference"].values()) == 2
    assert done.card.read_bytes() == before
    assert list(Path("elsewhere").iterdir()) == [Path("elsewhere/preference")]


def test_the_audit_is_of_a_run_or_its_folder(done: Run) -> None:
    agreement = audit(done).report.agreement["agreement"]
    assert (agreement.value, agreement.n) == (0.5, 2)
    assert audit(str(done.folder)).report.agreement["agreement"] == agreement


def test_a_folder_without_a_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no finished run"):
        load(tmp_path)


def test_a_config_may_be_a_mapping_and_its_errors_name_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = {"data": {"path": "rows.jsonl"}, "teacher": {"model": "m", "api_key_env": ""}}
    with pytest.raises(ConfigError, match=r"^config: 'name' is missing"):
        run(config)
    with pytest.raises(ConfigError, match=r"^config: unknown key 'teacher.modle'; did you mean 'model'"):
        plan(config, name="x", changes={"teacher": {"modle": "n"}})
    with pytest.raises(ConfigError, match=r"^config: outputs.held_out: .*zebra"):
        plan({**config, "name": "x", "outputs": {"held_out": ["zebra"]}})
    assert "name" not in config
    assert "modle" not in config["teacher"], "a caller's mapping stays as it is"


def test_a_plan_of_a_mapping_reads_its_rows_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = {"prompt": "q", "response_a": "x", "response_b": "y", "scenario": "others"}
    Path("rows.jsonl").write_text(json.dumps(row))
    config = {"name": "x", "data": {"path": "rows.jsonl"}, "teacher": {"model": "m", "api_key_env": ""}}
    assert sum(stage.calls for stage in plan(config).stages) == 4
    assert sum(stage.calls for stage in plan(config, changes={"judging": {"protocols": ["pairwise"]}}).stages) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"], "a plan writes nothing"
