"""A dataset is refreshed: only what is new or changed is paid for, and what came of it is said."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from synth.run.again import filter_again
from tests.conftest import Project, StandIn, StandInHub
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_plan import plan
from tests.e2e.test_run import by_id, row, table

pytestmark = pytest.mark.e2e

SCENARIO = """name: {name}
definition: The user wants to be told about {name}.
choose_when: The user asks about {name}, and about nothing else.
criteria:
  - name: right
    type: content
    objective: true
    description: {criterion}
"""
TABLES = ("pairs", "scenarios", "judgments", "kept", "dropped")


def scenario(project: Project, name: str, criterion: str = "States what is so. Fails if a statement is wrong.") -> None:
    folder = project.path / "mine"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(SCENARIO.format(name=name, criterion=criterion))


def told(project: Project, *arguments: str) -> dict[str, Any]:
    done = project.run("--json", "--quiet", *arguments)
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def tables(project: Project, name: str) -> dict[str, bytes]:
    return {one: (project.path / f"outputs/{name}/{one}.parquet").read_bytes() for one in TABLES}


@pytest.fixture
def published(project: Project) -> Project:
    """The run outputs/v1: three pairs of each of two scenarios of our own, and two that the teacher chose one for."""
    scenario(project, "tea")
    scenario(project, "coffee")
    project.config |= {"name": "v1", "scenarios": {"folders": ["mine"], "among": ["mine"]}}
    project.config["outputs"] = {"augment": {"swap": "other_order"}}
    rows = [row(number, scenario="tea" if number < 3 else "coffee") for number in range(6)]
    rows += [row(number, "Say hello [scenario: tea].") for number in (6, 7)]
    project.write_rows(rows)
    assert told(project)["calls"]["made"] == 8 * 4 + 2
    project.config["name"] = "v2"
    return project


def test_a_changed_criterion_and_new_rows_are_paid_for_and_nothing_else(
    published: Project, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.config["previous"] = "outputs/v1"
    paid = standin.count()["paid"]
    rows = [json.loads(line) for line in (published.path / "rows.jsonl").read_text().splitlines()]
    swapped = rows[4] | {"response_a": rows[4]["response_b"], "response_b": rows[4]["response_a"]}
    published.write_rows([*rows[:4], swapped, *rows[6:], row(8, scenario="tea", good="b")])
    scenario(published, "coffee", "States what is not so. Fails if a statement is right.")
    planned = plan(published)

    found = told(published)

    # Of tea, 3 rows and the 2 chosen ones are as they were, 1 is new; of coffee there are 2, and one is gone.
    # The question that chooses a scenario does not show criteria.
    foretold = sum(stage["calls"] for stage in planned["stages"])
    assert standin.count()["paid"] - paid == found["calls"]["made"] == foretold == (1 + 2) * 4
    assert found["previous"]["calls_carried"] == planned["calls_carried"] == 5 * 4 + 2
    assert found["previous"]["changes"]["asked_anew"] == {"criteria": 2, "new": 1}
    assert found["previous"]["changes"]["asked_alike"] == 5

    done = published.command("diff", "outputs/v1", "outputs/v2", "--json", "-n", "1")
    assert done.code == 0, done.err
    difference = json.loads(done.out)
    assert {kind: why for kind, why in difference["changes"].items() if why} == {
        "added": {"kept": 1},
        "gone": {"kept": 1},
    }
    assert [one["change"] for one in difference["examples"]] == ["added", "gone"]
    assert (difference["kept"]["agreement"]["value"], difference["kept"]["agreement"]["n"]) == (1, 7)
    assert by_id(table(published.path / "outputs/v2/kept.parquet"))["row-4"]["verdict"] == "b", "it was swapped"
    card = (published.path / "outputs/v2/README.md").read_text()
    assert "## What changed since outputs/v1" in card
    assert "22 calls were taken over" in card

    shutil.rmtree(published.path / "outputs/v1")
    before = tables(published, "v2")
    monkeypatch.chdir(published.path)
    filter_again(Path("outputs/v2"))
    assert tables(published, "v2") == before, "the folder is complete by itself"


def test_what_is_taken_over_is_what_judging_it_afresh_would_bring(published: Project, standin: StandIn) -> None:
    paid = standin.count()["paid"]
    published.config["previous"] = "outputs/none"
    assert_one_line(published.run(), 2, "previous: outputs/none: no such folder", "org/name@revision")
    assert not published.run_folder.exists()
    published.config |= {"previous": "outputs/v1", "budget_usd": 0.000001}
    published.config["teacher"]["prices"] = {"input": 1, "output": 1}
    for _ in range(2):
        found = told(published)
        assert (found["calls"]["made"], found["calls"]["from_journal"], found["spent_now_usd"]) == (0, 34, 0)
        assert tables(published, "v2") == tables(published, "v1")
        assert found["previous"]["calls_carried"] == 34
    assert standin.count()["paid"] == paid


def test_a_published_dataset_is_gone_on_from_row_by_row(
    published: Project, standin: StandIn, hub: StandInHub, tmp_path: Path
) -> None:
    """Of the Hub there are the card and the dataset, with its copies, and neither journal nor tables."""
    home = hub.env | {"HF_HOME": str(tmp_path / "hf")}
    done = published.command("publish", "outputs/v1", "--repo", "me/data", "--tag", "v1", "--yes", **home)
    assert done.code == 0, done.err
    shutil.rmtree(published.path / "outputs/v1/calls")
    published.config["previous"] = "me/data@v1"
    rows = [json.loads(line) for line in (published.path / "rows.jsonl").read_text().splitlines()]
    rows[1] |= {"human_label": "a"}
    rows[2] |= {"response_a": rows[2]["response_a"] + " And more."}
    published.write_rows([*rows, row(8, "Say hello [scenario: tea]. ")])
    scenario(published, "coffee", "States what is not so. Fails if a statement is right.")
    paid = standin.count()["paid"]
    published.write_config()
    planned = published.command("plan", "config.yaml", "--json", **home)
    assert planned.code == 0, planned.err
    foretold = json.loads(planned.out)

    done = published.run("--json", "--quiet", **home)

    assert done.code == 0, done.err
    found = json.loads(done.out)
    # Row 0 and both chosen ones stay; the labelled, the edited and the new one are asked, and the three of coffee.
    # The new one has a prompt of its own to choose for.
    assert found["previous"]["pairs_carried"] == foretold["pairs_carried"] == 3
    assert found["previous"]["changes"]["asked_anew"] == {
        "asked otherwise": 3,
        "prompt or responses": 1,
        "new, or not kept before": 1,
    }
    asked = sum(stage["calls"] for stage in foretold["stages"])
    assert standin.count()["paid"] - paid == found["calls"]["made"] == asked == 6 * 4 + 1
    v1, v2 = (by_id(table(published.path / f"outputs/{name}/kept.parquet")) for name in ("v1", "v2"))
    assert set(v2) == {*v1, "row-8"}
    assert v2["row-0"]["verdict_ba"] == "", "nothing is made up for the order that the dataset does not hold"
    judgments = table(published.path / "outputs/v2/judgments.parquet")
    carried = [one for one in judgments if one["carried_from"]]
    assert {one["pair_id"] for one in carried} == {"row-0", "row-6", "row-7"}
    assert [(one["protocol"], one["order"], one["response"]) for one in carried[:3]] == [
        ("pairwise", "ab", ""),
        ("pointwise", "", "a"),
        ("pointwise", "", "b"),
    ]
    exported = [
        {
            one["id"]: one
            for path in (published.path / f"outputs/{name}/dataset/pairs").glob("*.jsonl")
            for one in map(json.loads, path.read_text().splitlines())
        }
        for name in ("v1", "v2")
    ]
    assert exported[0]["row-6"] == exported[1]["row-6"], "a row that still holds is exported as it was"
    chosen = {one["pair_id"]: one for one in table(published.path / "outputs/v2/scenarios.parquet")}
    assert (chosen["row-6"]["how"], chosen["row-6"]["reason"]) == ("chosen", "as in me/data@v1")
    done = published.command("diff", "me/data@v1", "outputs/v2", "--json", **home)
    assert {kind: why for kind, why in json.loads(done.out)["changes"].items() if why} == {"added": {"kept": 1}}
    again = published.run("--json", "--quiet", **home)
    assert json.loads(again.out)["calls"] == {"made": 0, "from_journal": 25, "failed": 0}
