"""The examples of the three users as they are written, in a small size, on the embedded model."""

import json

import pytest

from tests.conftest import ROOT, Done, Project
from tests.e2e.test_run import table

pytestmark = [pytest.mark.e2e, pytest.mark.local_model, pytest.mark.timeout(600)]


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
    run(project, "publish", "--name", "quickstart")  # of the quickstart's pairs, and asked as the quickstart asks

    run(project, "refresh")

    assert "\nlicense: apache-2.0\n" in (project.path / "outputs" / "quickstart" / "README.md").read_text()
    manifest = json.loads((project.path / "outputs" / "refresh" / "manifest.json").read_text())
    assert manifest["previous"]["calls_carried"] == 4
    (journal,) = (project.path / "outputs" / "refresh" / "calls").glob("*.jsonl")
    assert journal.name.startswith("carried"), "nothing was asked again"
