"""Responses that are written to earn a score, through the real command."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.conftest import Project, StandIn, journal
from tests.e2e.test_responses import asked_of, left_to_ask, responder
from tests.e2e.test_run import table

pytestmark = pytest.mark.e2e


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": str(number), "prompt": f"Question {number}"} | more for number in range(count)]


def test_responses_are_written_to_scores_by_the_scenario_that_the_teacher_chooses(
    project: Project, standin: StandIn
) -> None:
    project.config["scenarios"] = {}
    project.config["budget_usd"] = 5
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    writer = responder(standin, "writer", prices={"input": 10, "output": 10}, temperature=1)
    project.config["responses"] = {
        "per_prompt": 3,
        "models": [responder(standin, "qwen")],
        "targets": {"per_prompt": 2, "scores": [2, 5, 9], "model": writer},
    }
    project.config["pairs"] = {"strategy": "every"}
    project.config["outputs"] = {"formats": ["pairs", "preference"]}
    mark, misses = "[scenario: writing_email]", "[misses its target]"
    project.write_rows(
        [*rows(6), {"id": "mail", "prompt": f"{mark} Write."}, {"id": "off", "prompt": f"{misses} Why?"}]
    )
    foretold = {name: calls for name, calls, _ in left_to_ask(project)}
    assert foretold["writing to targets, writer"] == 16
    assert foretold["scenarios"] == 8

    done = project.run()

    assert done.code == 0, done.err
    assert "24 responses to 8 prompts, 24 of them asked for, 16 of these written to earn a score" in done.out
    assert asked_of(project) == {"qwen": 8, "writer": 16, "stand-in": 8 + 8 * 3 * 3}
    responses = table(project.run_folder / "responses.parquet")
    written = [row for row in responses if row["origin"] == "written"]
    assert all(row["text"].startswith(f"[earns {row['target']:g}]") for row in written if row["prompt_id"] != "off")
    assert set(Counter(row["target"] for row in written)) == {2, 5, 9}
    for prompt in {row["prompt_id"] for row in responses}:
        own, *targeted = [row for row in responses if row["prompt_id"] == prompt]
        assert own["target"] is None
        assert len({row["target"] for row in targeted}) == 2
        assert {len(row["text"].split()) for row in targeted} == {len(own["text"].split())}, "as long as its own"

    asked = [call["request"] for call in journal(project.run_folder / "calls") if call["request"]["model"] == "writer"]
    mails = [one for one in asked if mark in one["messages"][1]["content"]]
    assert len(mails) == 2
    assert all("Kind of prompt: writing_email." in one["messages"][0]["content"] for one in mails)
    assert all("Kind of prompt: others." in one["messages"][0]["content"] for one in asked if one not in mails)
    judging = [call["request"] for call in journal(project.run_folder / "calls") if call["request"]["schema"]]
    assert "earns the score" not in json.dumps([one["messages"] for one in judging])

    targets = {row["id"]: (row["target_a"], row["target_b"]) for row in table(project.run_folder / "pairs.parquet")}
    assert sum(None not in both for both in targets.values()) == 8
    against = {row["id"] for row in table(project.run_folder / "dropped.parquet") if row["filter"] == "off_target"}
    assert against == {name for name, both in targets.items() if name.startswith("off/") and None not in both}
    kept = [json.loads(line) for path in (project.run_folder / "dataset/pairs").iterdir() for line in path.open()]
    assert {row["id"]: (row["target_a"], row["target_b"]) for row in kept}.items() <= targets.items()
    assert any(None not in targets[row["id"]] for row in kept)

    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    assert manifest["responses"]["targets"]["model"] == "writer"
    assert sum(manifest["responses"]["targets"]["scores"].values()) == 16
    assert len(manifest["responses"]["targets"]["template"]) == 16
    assert manifest["usage"]["calls"] == 8 + 16 + 8 + 72
    assert "written by `writer` to earn a score" in (project.run_folder / "README.md").read_text()
    assert [calls for _, calls, _ in left_to_ask(project)] == [0] * 5


def test_a_run_killed_while_texts_are_written_pays_for_nothing_twice(project: Project, standin: StandIn) -> None:
    standin.control(wait=0.15)
    project.config["responses"] = {
        "models": [responder(standin, "qwen", slots=2)],
        "targets": {"per_prompt": 2},
    }
    project.config["pairs"] = {"strategy": "every"}
    project.config["flaws"] = {"share": 1, "kinds": ["padding"]}
    project.write_rows(rows(10))
    before = project.kill_a_run_once_paid(standin, 6)
    standin.control(wait=0)
    assert 0 < len(before) < 20

    done = project.run()

    assert done.code == 0, done.err
    keys = [call["key"] for call in journal(project.run_folder / "calls")]
    assert len(set(keys)) == len(keys) == 20 + 10 * 4 + 10 + 10 * 3, "of a planted pair one grade is known"
    assert before <= set(keys)
    ranking = table(project.run_folder / "ranking.parquet")
    assert [row["wins"] + row["losses"] for row in ranking] == [1] * 20, "copies with a flaw are not ranked"
    names = ("responses.parquet", "planted.parquet", "pairs.parquet", "judgments.parquet")
    first = {name: (project.run_folder / name).read_bytes() for name in names}
    project.config["name"] = "undisturbed"
    assert project.run().code == 0
    assert {name: (project.run_folder / name).read_bytes() for name in first} == first
