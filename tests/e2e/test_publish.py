"""`judgemill publish` as a user runs it, with a stand-in for the Hub, and `datasets` loading what was published."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Project, StandInHub
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_run import row
from tests.run.publishing.test_pack import SECRET, pair

pytestmark = pytest.mark.e2e

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
repo, revision = sys.argv[1:]
print(json.dumps({
    name: {split: list(rows) for split, rows in load_dataset(repo, name, revision=revision).items()}
    for name in get_dataset_config_names(repo, revision=revision)
}))
"""


def env(project: Project, hub: StandInHub) -> dict[str, str]:
    return hub.env | {"HF_HOME": str(project.path / "hf")}


def loaded(project: Project, hub: StandInHub, repo: str, revision: str) -> dict[str, dict[str, list[Any]]]:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, repo, revision],
        cwd=project.path,
        env={"PATH": ""} | env(project, hub) | {"HF_HOME": str(project.path / "someone else")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def exported(run: Path) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for path in run.glob("dataset/*/*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found.setdefault(path.parent.name, {})[path.stem] = rows
    return found


def test_every_config_comes_back_row_by_row_through_a_rival_a_500_and_a_lost_answer(
    project: Project, hub: StandInHub
) -> None:
    project.config["outputs"] = {"splits": {"train": 0.5, "test": 0.5}}
    project.config["card"] = {"license": "cc-by-4.0", "language": ["no"], "version": "v1"}
    project.write_rows([row(number, good="ab"[number % 2]) for number in range(8)])
    assert project.run().code == 0
    for fault in ("rival", 500, "lost"):
        hub.fault("commit", fault)

    done = project.command("publish", "outputs/test", "--repo", "me/data", "--yes", **env(project, hub))

    assert done.code == 0, done.err
    assert f"To {hub.address}/datasets/me/data (new, public), branch main, tag v1:" in done.out
    assert "Nothing else of outputs/test leaves this machine." in done.out
    assert f"Published: {hub.address}/datasets/me/data/tree/v1" in done.out
    assert "hf_good" not in done.out + done.err
    state = hub.state()["me/data"]
    _, rival, ours = state["commits"]
    assert set(ours["files"]) - set(rival["files"]) == {
        "README.md",
        "data/pairs/test-00000-of-00001.parquet",
        "data/pairs/train-00000-of-00001.parquet",
    }
    assert state["tags"] == {"v1": ours["oid"]}
    assert b'"critique_1"' not in hub.sent(), "no raw reply, no journal"

    wanted = exported(project.run_folder)
    assert set(wanted["pairs"]) == {"train", "test"}
    assert loaded(project, hub, "me/data", "v1") == wanted

    again = project.command("publish", "outputs/test", "--repo", "me/data", **env(project, hub))
    assert again.code == 0, "nothing is to be done, so nobody is asked"
    assert "Nothing to do: the same files are there already." in again.out
    assert len(hub.state()["me/data"]["commits"]) == 3


@pytest.fixture
def imported(project: Project) -> Project:
    project.config["name"] = "rows"
    rows = [pair(number) for number in range(24)]
    rows[5]["prompt"] = f"Is {SECRET} a key?"
    project.write_rows(rows)
    assert project.command("import", "rows.jsonl", "--filters", "minimal").code == 0
    return project


def test_what_cannot_be_published_is_said_in_one_line_and_nothing_is_sent(imported: Project, hub: StandInHub) -> None:
    def publish(*options: str, **more: str) -> Any:
        return imported.command("publish", "outputs/rows", "--repo", "me/data", *options, **env(imported, hub) | more)

    assert_one_line(publish("--yes", HF_TOKEN=""), 2, "no token for the Hub", "HF_TOKEN")
    bad = publish("--yes", HF_TOKEN="hf_wrong_0123456789")
    assert_one_line(bad, 2, "me/data: the Hub does not take the token", "write access")
    assert "hf_wrong" not in bad.out + bad.err
    assert_one_line(publish(), 2, "--yes")
    assert_one_line(publish("--yes", OPENAI_API_KEY=SECRET), 2, "holds the value of OPENAI_API_KEY")
    assert hub.state() == {}
    assert hub.sent() == b""
    assert not (imported.run_folder / ".work").exists()


def test_a_pull_request_to_a_private_dataset_with_the_statements_of_another_config(
    imported: Project, hub: StandInHub
) -> None:
    (imported.path / "mine.yaml").write_text("card: {license: mit, language: [en], teacher_terms: It may.}\n")
    options = ("--config", "mine.yaml", "--private", "--gated", "manual", "--pr", "--also", "judgments", "--yes")
    done = imported.command("publish", "outputs/rows", "--repo", "me/data", *options, **env(imported, hub))
    assert done.code == 0, done.err
    assert "(new, private, made gated: manual), as a pull request:" in done.out
    assert "Note:" not in done.out
    state = hub.state()["me/data"]
    assert (state["private"], state["gated"], len(state["requests"])) == (True, "manual", 1)
    assert state["refs"]["main"] != state["refs"]["refs/pr/1"]
    assert "run/judgments.parquet" in state["commits"][-1]["files"]
