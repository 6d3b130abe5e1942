"""What a run will cost is said before, and counts exactly what the run then asks."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth.run.intake import Intake, to_judge
from synth.run.prepare import prepare
from synth.run.requests import requests
from synth.teacher.journal import Journal
from tests.conftest import Project, StandIn
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e


def plan(project: Project, *arguments: str) -> dict[str, Any]:
    project.write_config()
    done = project.command("plan", "config.yaml", "--json", *arguments)
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def calls(made: dict[str, Any]) -> list[tuple[int, int]]:
    return [(stage["calls"], stage["in_journal"]) for stage in made["stages"]]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_plan_counts_what_the_run_asks_and_nothing_else(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.config["judging"] = {"max_chars": 400, "scale": "1-5", "language": "Swahili"}
    project.config["teacher"]["parameters"] = {"temperature": 0.5, "seed": 1}
    project.write_rows(
        [
            row(1),
            row(2, scenario="math_reasoning"),
            row(3, scenario="code_generation", reference="As it should be."),
            row(4, prompt="[refuse] Zażółć"),
            row(5, response_a="the same", response_b="the same"),
        ]
    )
    config = project.write_config()
    monkeypatch.chdir(project.path)
    prepared = prepare(config, {})
    planned = {one.key for _, one in requests(prepared, to_judge(prepared, Intake()))}

    assert project.run().code == 0

    paid = {request.key for request, _ in Journal(project.run_folder / "calls").calls()}
    assert planned == paid
    assert len(planned) == 16


def test_a_plan_shows_what_is_left_and_touches_nothing(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 10}
    project.write_rows([row(number) for number in range(10)])
    before = plan(project)
    assert calls(before) == [(20, 0), (20, 0)]
    assert not project.run_folder.exists()
    assert standin.count()["paid"] == 0

    assert project.run("--limit", "4").code == 0
    held = files(project.run_folder)
    after = plan(project)

    assert calls(after) == [(12, 8), (12, 8)]
    assert calls(plan(project, "--limit", "4")) == [(0, 8), (0, 8)]
    assert [stage["measured_on"] for stage in after["stages"]] == [8, 8]
    tokens = standin.tokens()
    assert after["spent_usd"] == pytest.approx((tokens["input"] + 10 * tokens["output"]) / 1e6)
    assert files(project.run_folder) == held
    assert standin.count()["paid"] == 16


def test_what_is_measured_on_a_first_look_foretells_the_rest(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 10}
    project.write_rows([row(number) for number in range(10, 20)])
    assert project.run("--limit", "3").code == 0
    foretold = sum(stage["cost_usd"] for stage in plan(project)["stages"])
    spent = plan(project)["spent_usd"]
    assert project.run().code == 0
    assert plan(project)["spent_usd"] - spent == pytest.approx(foretold, rel=0.02)


def test_the_table_adds_up_and_says_what_it_rests_on(project: Project) -> None:
    project.write_rows([row(1), row(2, response_a="the same", response_b="the same")])
    project.write_config()
    done = project.command("plan", "config.yaml")
    assert done.code == 0, done.err
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[0] == "stage calls in journal input tokens output tokens at most USD at most time"
    assert lines[1].startswith("judging, pairwise 2 0 ")
    assert lines[3].startswith("all 4 0 ")
    assert "? ?" in lines[1]
    assert "Pairs: 1 (1 rows set aside: 1 identical responses)." in done.out
    assert "Price: unknown for this model at this endpoint; set teacher.prices" in done.out
    assert "Tokens: assumed" in done.out
    assert "Time: not measured" in done.out
    width = {len(line) for line in done.out.splitlines()[:4]}
    assert len(width) == 1, "columns are aligned"


def test_a_plan_is_refused_where_a_run_is(project: Project) -> None:
    project.write_rows([row(1)])
    with (project.path / "rows.jsonl").open("a") as file:
        file.write("{not json\n")
    project.write_config()
    done = project.command("plan", "config.yaml")
    assert done.code == 2
    assert "rows.jsonl:2" in done.err
    project.write_rows([row(1, response_a="the same", response_b="the same")])
    assert "no pair to judge; all 1 rows were set aside" in project.command("plan", "config.yaml").err


def test_a_local_model_is_planned_without_fetching_it_and_is_free(project: Project, tmp_path: Path) -> None:
    project.config["teacher"] = {"model": "local"}
    project.config["budget_usd"] = 0.01
    project.write_rows([row(1)])
    project.write_config()
    done = project.command("plan", "config.yaml", JUDGEMILL_CACHE=str(tmp_path / "empty"))
    assert done.code == 0, done.err
    assert "Price: 0 USD" in done.out
    assert "nothing is known of a local model beforehand" in done.out
    assert not (tmp_path / "empty").exists()


def test_a_plan_says_whether_the_budget_will_do(project: Project) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 10}
    project.write_rows([row(1)])
    for budget, said in ((5.0, "leaves 5.00 USD, which should do"), (0.001, "which will not do; the run stops there")):
        project.config["budget_usd"] = budget
        project.write_config()
        assert said in project.command("plan", "config.yaml").out
