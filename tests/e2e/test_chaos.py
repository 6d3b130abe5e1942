"""Everything goes wrong at once: at the endpoint, and on the disk."""

import json
import os
import resource
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.conftest import ROOT, Project, StandIn
from tests.e2e.test_run import by_id, row, table
from tests.standin.chaos import FAULTS, NONSENSE

pytestmark = pytest.mark.e2e
_SAID = ("verdict", "score_a", "score_b", "comparison", "critique_a", "critique_b", "criteria", "reply")


def judgments(project: Project) -> dict[tuple[str, ...], dict[str, Any]]:
    """By what was asked."""
    rows = table(project.run_folder / "judgments.parquet")
    return {(one["pair_id"], one["protocol"], one["order"], one["response"]): one for one in rows}


@pytest.mark.timeout(300)
def test_what_an_endpoint_on_a_bad_day_answered_is_what_a_good_one_says_and_the_rest_is_accounted_for(
    project: Project, standin: StandIn
) -> None:
    project.config["teacher"] |= {"retries": 3, "max_failing": 1.0, "timeout": 10}
    project.write_rows([row(number, good="ab"[number % 2]) for number in range(60)])
    calm = Project(project.path, project.config | {"name": "calm"})
    assert calm.run().code == 0

    standin.control(chaos=0.6)
    done = project.run()
    assert done.code == 0, done.err
    assert "Traceback" not in done.err

    served = standin.count()["faults"]
    assert set(FAULTS) <= set(served), "every kind of fault came"
    expected, found = judgments(calm), judgments(project)
    assert found.keys() == expected.keys()
    wrong = Counter[str]()
    for ask, one in found.items():
        if one["failure"]:
            wrong[one["failure"]] += 1
        elif NONSENSE in one["reply"]:
            wrong["nonsense"] += 1
        else:
            assert [str(one[key]) for key in _SAID] == [str(expected[ask][key]) for key in _SAID]
    assert wrong["nonsense"] > 0
    assert wrong.total() < len(found) / 2

    kept, dropped = (by_id(table(project.run_folder / name)) for name in ("kept.parquet", "dropped.parquet"))
    assert kept.keys() | dropped.keys() == {f"row-{number}" for number in range(60)}
    assert not kept.keys() & dropped.keys()
    spoiled = {ask[0] for ask, one in found.items() if one["failure"] or NONSENSE in one["reply"]}
    assert {name for name, one in dropped.items() if one["filter"] == "malformed"} <= spoiled
    sound = by_id(table(calm.run_folder / "kept.parquet"))
    assert {name: one["verdict"] for name, one in kept.items() if name not in spoiled} == {
        name: one["verdict"] for name, one in sound.items() if name not in spoiled
    }

    standin.control(chaos=0)
    assert project.run().code == 0
    again = judgments(project)
    assert "call failed" in wrong
    assert "call failed" not in {one["failure"] for one in again.values()}, "what was not answered is asked again"


@pytest.mark.timeout(120)
def test_a_disk_that_is_full_is_said_in_one_line_and_costs_nothing_twice(project: Project, standin: StandIn) -> None:
    project.write_rows([row(number) for number in range(12)])
    project.write_config()
    # Python would leave torn bytecode in our own folders.
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    paid = 0
    for room in (3_000, 30_000):  # not even the pairs; a part of the journal
        done = subprocess.run(
            [sys.executable, "-m", "synth.cli.main", "run", "config.yaml"],
            cwd=project.path,
            env=env,
            preexec_fn=lambda room=room: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        (said,) = [line for line in done.stderr.splitlines() if line.startswith("judgemill: ")]
        assert "cannot be written" in said
        assert "run the same command again" in said
        paid = standin.count()["paid"]
    assert paid > 0
    assert project.run().code == 0
    calls = 12 * 4
    assert standin.count()["paid"] <= calls + 32, "no more than what was in flight"
    assert json.loads((project.run_folder / "manifest.json").read_text())["counts"]["kept"] > 0
