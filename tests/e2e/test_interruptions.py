"""Kills, interrupts and failures in the middle: nothing is paid twice, nothing is missing, no process stays."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

import psutil
import pytest

from tests.conftest import Project, StandIn
from tests.e2e.test_run import row, table

pytestmark = pytest.mark.e2e
PAIRS = 25
CALLS = 4 * PAIRS
SLOTS = 4


@pytest.fixture
def slow(project: Project, standin: StandIn) -> Project:
    """A hundred calls of 50 ms in four slots."""
    standin.control(wait=0.05)
    project.config["teacher"]["slots"] = SLOTS
    project.write_rows([row(number) for number in range(PAIRS)])
    project.write_config()
    return project


def start_and_wait_for(project: Project, standin: StandIn, paid: int) -> subprocess.Popen[str]:
    process = project.start("run", "config.yaml")
    wait_until(lambda: standin.count()["paid"] >= paid or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process


def wait_until(condition: Callable[[], bool], seconds: float = 60, *, or_until: float | None = None) -> None:
    """`or_until` are seconds after which it goes on all the same."""
    end = time.monotonic() + (or_until or seconds)
    while not condition():
        if or_until and time.monotonic() > end:
            return
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def engine_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The engine that a command started, with its workers, living on or not."""
    found = []
    for one in psutil.process_iter(["cmdline", "status"]):
        line = one.info["cmdline"] or ()
        if "synth.engine.host" in line and str(process.pid) in line and one.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(one)
    return found


@pytest.mark.timeout(600)
def test_kill_9_at_twenty_random_moments_loses_nothing_and_pays_at_most_the_calls_in_flight(
    slow: Project, standin: StandIn
) -> None:
    assert slow.run().code == 0
    expected = (slow.run_folder / "kept.parquet").read_bytes()
    assert len(table(slow.run_folder / "kept.parquet")) == PAIRS
    assert standin.count().items() >= {"paid": CALLS, "distinct": CALLS, "most_in_flight": SLOTS}.items()
    slow.config["name"] = "killed"
    slow.write_config()
    moments = random.Random(0)
    in_flight = 0
    for _ in range(20):
        process = slow.start("run", "config.yaml")
        paid = standin.count()["paid"]
        # Half of them while it starts or reads the journal, half while it makes calls.
        wait_until(lambda before=paid: standin.count()["paid"] > before, or_until=2.0)
        time.sleep(moments.uniform(0, 0.3))
        started = engine_of(process)
        process.kill()
        process.communicate()
        wait_until(lambda dead=process: not engine_of(dead))
        in_flight += SLOTS * bool(started)

    done = slow.run()

    assert done.code == 0, done.err
    assert (slow.run_folder / "kept.parquet").read_bytes() == expected, "the same as of an undisturbed run"
    assert CALLS <= standin.count()["paid"] - CALLS <= CALLS + in_flight


def test_ctrl_c_finishes_what_is_in_flight_and_leaves_a_resumable_run(slow: Project, standin: StandIn) -> None:
    process = start_and_wait_for(slow, standin, paid=10)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "again to resume" in err
    assert "Traceback" not in out + err
    paid = standin.count()["paid"]
    assert paid < 100
    assert not engine_of(process)

    done = slow.run()

    assert done.code == 0
    assert f"{100 - paid} calls made, {paid} taken from the journal" in done.out, "no call in flight was lost"
    assert standin.count()["paid"] == 100


def test_ctrl_c_twice_ends_at_once(slow: Project, standin: StandIn) -> None:
    standin.control(wait=30.0)
    process = slow.start("run", "config.yaml")
    wait_until(lambda: standin.count()["most_in_flight"] > 0)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None, "the first one waits for the calls in flight"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 1
    wait_until(lambda: not engine_of(process))


def test_a_killed_worker_ends_the_run_instead_of_hanging_it(slow: Project, standin: StandIn) -> None:
    process = start_and_wait_for(slow, standin, paid=10)
    (host,) = [one for one in psutil.Process(process.pid).children() if "synth.engine.host" in one.cmdline()]
    worker = max(host.children(), key=lambda child: child.cpu_times().user)
    os.kill(worker.pid, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "died" in err
    assert not engine_of(process)
    assert slow.run().code == 0
    assert standin.count()["paid"] <= 100 + SLOTS


def test_an_endpoint_that_breaks_down_leaves_a_resumable_run(slow: Project, standin: StandIn) -> None:
    process = start_and_wait_for(slow, standin, paid=20)
    standin.control(status=500, message="come back later", times=-1)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "come back later" in err
    assert not (slow.run_folder / "kept.parquet").exists()
    standin.control(status=500, message="", times=0)
    done = slow.run()
    assert done.code == 0
    assert len(table(slow.run_folder / "kept.parquet")) == PAIRS
    assert standin.count()["paid"] == 100


def test_one_broken_row_leaves_the_other_calls_in_peace(project: Project, standin: StandIn) -> None:
    project.write_rows([row(1), row(2, "Say hello [broken]"), row(3)])
    done = project.run()
    assert done.code == 0, done.err
    assert standin.count()["paid"] == 8
    (dropped,) = table(project.run_folder / "dropped.parquet")
    assert (dropped["filter"], dropped["reason"]) == ("malformed", "call failed")
    assert "500" in dropped["detail"]
    assert "4 calls failed for good" in done.out

    again = project.run()

    assert again.code == 0
    assert "8 taken from the journal" in again.out
