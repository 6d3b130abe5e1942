"""`judgemill preview` through the real command: what it shows, and that a run does not pay for it again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Done, Project, StandIn
from tests.e2e.test_interruptions import start_and_wait_for
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e
MATH = "[scenario: math_reasoning]"


def preview(project: Project, *arguments: str) -> Done:
    project.write_config()
    return project.command("preview", "config.yaml", *arguments, COLUMNS="120")


def as_json(project: Project, *arguments: str) -> dict[str, Any]:
    done = preview(project, "--json", "--quiet", *arguments)
    assert done.code == 0, done.err
    assert not done.err
    return dict(json.loads(done.out))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_preview_costs_its_pairs_alone_and_the_run_after_it_is_as_if_there_had_been_none(
    project: Project, standin: StandIn
) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 10}
    del project.config["scenarios"]
    project.write_rows(
        [
            *(row(number, f"Add one. {MATH}") for number in range(5)),
            *(row(number, "[flip] Plan it.", scenario="planning") for number in range(5, 8)),
            row(8, "[garbage]", scenario="code_generation"),
        ]
    )
    assert project.run().code == 0
    undisturbed, of_a_run = files(project.run_folder), standin.count()["paid"]
    assert of_a_run == 9 * 4 + 5
    project.config["name"] = "previewed"

    done = preview(project, "-n", "3")

    assert done.code == 0, done.err
    assert standin.count()["paid"] - of_a_run == 3 * 4 + 1, "a scenario is chosen for the pair that lacks one, no other"
    said = [" ".join(line.split()) for line in done.out.splitlines()]
    assert f"scenario chosen by the teacher: It says {MATH}." in said
    assert sum(line.startswith("KEPT: a is better") for line in said) == 1
    assert "verdict a is better b is better" in said
    assert sum(line.startswith("DROPPED by order_unstable: verdict flips (the response shown first") for line in said)
    assert "reply Both responses have their merits. Both responses have their merits." in said
    assert "3 of 9 pairs, of 3 scenarios" in said
    assert "13 calls made, 0 taken from the journal" in said
    assert "boilerplate, duplicate: look at the whole set, and have their say in the run only" in said
    assert any(line.startswith("The whole run: 41 calls, 28 of them still to be made, for about ") for line in said)
    assert "Tokens of judging, pairwise and judging, pointwise: from 6 calls of this run." in said
    assert "\x1b" not in done.out
    assert {path.split("/")[0] for path in files(project.run_folder)} == {".lock", "calls"}

    assert project.run().code == 0

    assert standin.count()["paid"] == 2 * of_a_run, "nothing was paid for twice"
    after = files(project.run_folder)
    same = ("kept.parquet", "dropped.parquet", "judgments.parquet", "pairs.parquet", "scenarios.parquet")
    assert {name: after[name] for name in same} == {name: undisturbed[name] for name in same}

    again = as_json(project, "-n", "3")

    assert again["calls"] == {"made": 0, "from_journal": 13, "failed": 0}
    assert standin.count()["paid"] == 2 * of_a_run
    assert files(project.run_folder) == after, "a finished run is left as it is"


def test_scripts_get_what_was_sent_and_said_and_a_config_may_change_between_previews(
    project: Project, standin: StandIn
) -> None:
    project.write_rows([row(number, good="b") for number in range(4)])
    first = as_json(project, "-n", "2")

    (one, other) = first["pairs"]
    assert one["id"] != other["id"]
    assert (one["verdict"], one["kept"], one["dropped"], one["scenario_from"]) == ("b", True, None, "default")
    assert [call["name"] for call in one["calls"]] == ["pairwise ab", "pairwise ba", "pointwise a", "pointwise b"]
    call = one["calls"][1]
    assert [message["role"] for message in call["messages"]] == ["system", "user"]
    assert f"<response_1>\n{one['response_b']}\n</response_1>" in call["messages"][1]["content"]
    assert json.loads(call["reply"])["score_1"] == call["judgment"]["score_b"] == 9
    tokens = standin.tokens()
    assert [sum(pair[f"{kind}_tokens"] for pair in first["pairs"]) for kind in tokens] == list(tokens.values())
    assert first["plan"]["pairs"] == first["of"] == 4
    assert [stage["in_journal"] for stage in first["plan"]["stages"]] == [4, 4]

    project.config["judging"] = {"scale": "1-5"}
    changed = as_json(project, "-n", "2")

    assert [pair["id"] for pair in changed["pairs"]] == [one["id"], other["id"]]
    assert changed["calls"] == {"made": 8, "from_journal": 0, "failed": 0}


def test_a_preview_is_refused_where_a_run_is_and_leaves_paid_calls_alone(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["slots"] = 1
    project.write_rows([row(number) for number in range(8)])
    assert preview(project, "-n", "1").code == 0
    calls = files(project.run_folder)
    project.config["teacher"]["model"] = "broken.gguf"
    (project.path / "broken.gguf").write_text("no model")

    broken = preview(project, "-n", "1")

    assert broken.code == 2
    assert "broken.gguf" in broken.err
    assert files(project.run_folder) == calls
    project.config["teacher"]["model"] = "stand-in"
    project.write_config()
    standin.control(wait=0.5)
    running = start_and_wait_for(project, standin, paid=6)

    refused = preview(project, "-n", "8")

    assert refused.code == 2
    assert "another judgemill is running in this folder; wait for it" in refused.err
    standin.control(wait=0.0)
    assert running.wait(timeout=60) == 0
    running.communicate()
    assert standin.count()["paid"] == standin.count()["distinct"] == 32


def test_a_preview_of_a_run_in_batches_does_not_wait_for_one(project: Project, standin: StandIn) -> None:
    project.config["teacher"] |= {"mode": "batch", "prices": {"input": 1, "output": 10}}
    project.write_rows([row(1), row(2)])

    done = preview(project, "-n", "1")

    assert done.code == 0, done.err
    assert not standin.batches()["rows"]
    assert "They were made live, at twice the price of a batch" in done.out
    assert "Price: 0.5 USD a million tokens of input" in done.out
