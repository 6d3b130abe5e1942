"""Everything goes wrong at once: at the endpoint, and on the disk."""

import json
import os
import resource
import subprocess
import sys

import pytest

from tests.conftest import ROOT, Project, StandIn
from tests.e2e.bad_day import bad_day
from tests.e2e.test_run import row
from tests.standin.chaos import FAULTS

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(300)
def test_what_an_endpoint_on_a_bad_day_answered_is_what_a_good_one_says_and_the_rest_is_accounted_for(
    project: Project, standin: StandIn
) -> None:
    """By the thousand: `python -m benchmarks.chaos`."""
    day = bad_day(project, standin, rows=60, share=0.6)
    assert set(FAULTS) <= set(day.faults), "every kind of fault came"
    assert day.asks == 60 * 4
    assert day.other == 0
    assert day.nonsense > 0
    assert day.failed["call failed"] > 0
    assert day.same > day.asks / 2
    assert day.lost == ()
    assert day.turned == ()
    assert 0 < day.kept < day.rows
    assert day.unasked == 0, "what was not answered is asked again"


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
