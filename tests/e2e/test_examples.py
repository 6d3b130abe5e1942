"""The examples of the three users as written, in a small size, on the embedded model: fetched, started, asked, gone."""

import json

import psutil
import pytest

from tests.conftest import ROOT, Done, Project
from tests.e2e.test_run import table

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.local_model,
    pytest.mark.usefixtures("one_core"),
    pytest.mark.timeout(600),
]


def run(project: Project, example: str, *arguments: str) -> Done:
    process = project.start("run", str(ROOT / "examples" / f"{example}.yaml"), "--limit", "1", "--quiet", *arguments)
    out, err = process.communicate(timeout=500)
    assert process.returncode == 0, err
    return Done(process.returncode, out, err)


def test_preferences_come_of_a_prompt_alone(project: Project) -> None:
    run(project, "preferences")

    folder = project.path / "outputs" / "preferences"
    assert len([one for one in table(folder / "responses.parquet") if one["text"]]) == 3
    (pair,) = table(folder / "pairs.parquet")
    assert pair["scenario"] in {"complaint_reply", "policy_question", "refund_request", "troubleshooting", "others"}
    assert len(table(folder / "judgments.parquet")) == 4


def test_a_dataset_for_the_hub_has_its_card_and_a_refresh_takes_over_what_still_holds(project: Project) -> None:
    judged = run(project, "publish", "--name", "quickstart")  # the quickstart's pairs, asked as the quickstart asks

    judgments = table(project.path / "outputs" / "quickstart" / "judgments.parquet")
    assert [one["failure"] for one in judgments] == [""] * 4, "the replies are held to the schema"
    assert {one["teacher"] for one in judgments} == {"SmolLM2-135M-Instruct.Q4_1"}
    assert "135M" in judged.out
    served = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in served if str(project.path) in " ".join(line)]

    run(project, "refresh")

    assert "\nlicense: apache-2.0\n" in (project.path / "outputs" / "quickstart" / "README.md").read_text()
    manifest = json.loads((project.path / "outputs" / "refresh" / "manifest.json").read_text())
    assert manifest["previous"]["calls_carried"] == 4
    (journal,) = (project.path / "outputs" / "refresh" / "calls").glob("*.jsonl")
    assert journal.name.startswith("carried"), "nothing was asked again"
