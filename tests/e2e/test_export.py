"""`judgemill export` through the real command: further formats of a finished run, without a call."""

import hashlib
import json
from pathlib import Path
from typing import Any

import datasets
import pytest

from synth.scenario import load
from tests.conftest import Project, StandIn
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_a_finished_run_is_exported_in_further_formats(project: Project, standin: StandIn) -> None:
    rows = [row(number, good="ab"[number % 2]) for number in range(8)] + [row(8, good="none"), row(9, "[flip]")]
    project.write_rows(rows)
    project.config["outputs"] = {"formats": ["pairs", "preference"], "splits": {"train": 0.5, "test": 0.5}}
    ran = project.run()
    assert ran.code == 0, ran.err
    assert "left out: 1 tie" in ran.out
    paid, folder = standin.count()["paid"], project.run_folder
    before = files(folder)

    done = project.command("export", str(folder), "--format", "preference-collection", "--format", "flow-judge")

    assert done.code == 0, done.err
    assert standin.count()["paid"] == paid
    manifest = json.loads((folder / "manifest.json").read_text())
    assert list(manifest["exported"]) == ["pairs", "preference", "preference-collection", "flow-judge"]
    assert manifest["left_out"]["preference-collection"] == {"tie": 1}
    assert manifest["converted"]["flow-judge"] == {"1-10 to 1-5": 18}
    for name, splits in manifest["exported"].items():
        assert sum(splits.values()) == {"pairs": 9, "flow-judge": 18}.get(name, 8)
        for split, count in splits.items():
            assert len(lines(folder / "dataset" / name / f"{split}.jsonl")) == count
            assert f"{split} {count}" in done.out
            loaded = datasets.load_dataset(str(folder), name, split=split, cache_dir=str(project.path / "cache"))
            assert len(loaded) == count
    assert "1 left out (tie)" in (folder / "README.md").read_text()
    after = files(folder)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"README.md", "manifest.json", "config.yaml"}
    prompts = {
        split: {one["prompt"][0]["content"] for one in lines(folder / "dataset" / "pairs" / f"{split}.jsonl")}
        for split in ("train", "test")
    }
    assert prompts["train"] & prompts["test"] == set()

    again = project.command("export", str(folder), "--format", "pairs", "--format", "flow-judge")
    assert again.code == 0, again.err
    assert files(folder) == after

    assert project.command("filter", str(folder)).code == 0  # keeps the formats, and comes to the same
    assert files(folder) == after
    assert project.run().code == 0, "as does running again"
    assert files(folder) == after


def test_an_export_elsewhere_leaves_the_run_as_it_is(project: Project, standin: StandIn) -> None:
    project.config["filters"] = {"preset": "minimal", "order_unstable": {"policy": "tie"}}
    project.write_rows([row(number) for number in range(3)] + [row(3, "[flip]")])
    assert project.run().code == 0
    folder, paid = project.run_folder, standin.count()["paid"]
    before = files(folder)
    (project.path / "student.yaml").write_text("outputs: {student: {criteria: in, wordings: 3}}\n")

    given = ("export", str(folder), "--format", "auto-j", "--out", "elsewhere", "--config", "student.yaml")
    done = project.command(*given)

    assert done.code == 0, done.err
    assert standin.count()["paid"] == paid
    assert files(folder) == before
    made = [one for path in sorted((project.path / "elsewhere" / "auto-j").iterdir()) for one in lines(path)]
    assert len(made) == 3
    assert "1 no comparison says the settled verdict" in done.out
    criteria = load().get("others").criteria
    assert all(criterion.description in one["usermsg"] for criterion in criteria for one in made)
    assert len({one["usermsg"].split()[0] for one in made}) > 1  # wordings
    twice = project.command(*given)
    assert (twice.code, twice.out) == (2, "")
    assert "holds auto-j/ already" in twice.err
    assert len(twice.err.splitlines()) == 1


def test_what_cannot_be_exported_is_said_in_one_line(tmp_path: Path) -> None:
    project = Project(tmp_path, {})
    for arguments, said in (
        (("--format", "autoj"), "--format: unknown format 'autoj'; did you mean 'auto-j'? one of pairs, auto-j"),
        (("--format", "auto-j"), "nowhere: holds no finished run, as there is no such folder"),
    ):
        done = project.command("export", "nowhere", *arguments)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert len(done.err.splitlines()) == 1
    assert project.command("export", "nowhere").code == 2
    assert list(tmp_path.iterdir()) == []
