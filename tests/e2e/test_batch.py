"""`mode: batch` through the real command: the same bytes as live, and a batch that outlives the process."""

import signal
import subprocess
from collections.abc import Callable

import pytest

from synth.teacher.progress import read as read_progress
from tests.conftest import Project, StandIn
from tests.e2e.test_interruptions import engine_of, wait_until
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e
PAIRS = 5
CALLS = 4 * PAIRS


@pytest.fixture
def batched(project: Project) -> Project:
    project.config["teacher"]["mode"] = "batch"
    project.write_rows([row(number, "Say hello [flip]" if number == 1 else "Say hello.") for number in range(PAIRS)])
    project.write_config()
    return project


@pytest.fixture
def live_bytes(batched: Project, start_standin: Callable[..., StandIn]) -> bytes:
    """kept.parquet of a live run of the same rows."""
    teacher = batched.config["teacher"] | {"mode": "live", "base_url": start_standin().base_url}
    live = Project(batched.path, batched.config | {"name": "live", "teacher": teacher})
    assert live.run().code == 0
    return (live.run_folder / "kept.parquet").read_bytes()


def started(project: Project, standin: StandIn) -> subprocess.Popen[str]:
    """A run whose batch is in progress, and stays so."""
    project.write_config()
    standin.control_batches(hold=True)
    process = project.start("run", "config.yaml")
    wait_until(lambda: standin.batches()["statuses"] == ["in_progress"] or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process


def kept(project: Project) -> bytes:
    return (project.run_folder / "kept.parquet").read_bytes()


def test_a_batch_run_writes_the_bytes_of_a_live_one(batched: Project, standin: StandIn, live_bytes: bytes) -> None:
    done = batched.run()
    assert done.code == 0, done.err
    assert kept(batched) == live_bytes
    assert standin.batches()["rows"] == [CALLS]
    assert f"{CALLS} calls made, 0 taken from the journal" in done.out


def test_kill_9_while_the_batch_runs_pays_for_nothing_twice(
    batched: Project, standin: StandIn, live_bytes: bytes
) -> None:
    process = started(batched, standin)
    wait_until(lambda: '"batch": "batch_0"' in "".join(ledger(batched)))
    process.kill()
    process.communicate()
    wait_until(lambda: not engine_of(process))
    standin.control_batches(hold=False)

    done = batched.run()

    assert done.code == 0, done.err
    assert kept(batched) == live_bytes
    assert standin.batches()["rows"] == [CALLS]
    assert standin.count()["paid"] == CALLS


def test_kill_9_before_the_batchs_id_is_known_pays_for_nothing_twice(
    batched: Project, standin: StandIn, live_bytes: bytes
) -> None:
    standin.control_batches(silent=True)
    process = started(batched, standin)
    process.kill()
    process.communicate()
    wait_until(lambda: not engine_of(process))
    assert '"batch": ""' in "".join(ledger(batched))
    standin.control_batches(hold=False, silent=False)

    done = batched.run()

    assert done.code == 0, done.err
    assert kept(batched) == live_bytes
    assert standin.batches()["rows"] == [CALLS]


def test_rows_that_are_missing_expired_or_failed_go_out_again(
    batched: Project, standin: StandIn, live_bytes: bytes
) -> None:
    standin.control_batches(drop=2, expire=3, fail={"status": 500, "message": "busy", "times": 4})
    done = batched.run()
    assert done.code == 0, done.err
    assert kept(batched) == live_bytes
    assert standin.batches()["rows"] == [CALLS, 2 + 3 + 4]
    assert standin.count()["paid"] == CALLS


def test_ctrl_c_leaves_the_batch_running_and_live_calls_do_not_pay_for_it_again(
    batched: Project, standin: StandIn
) -> None:
    process = started(batched, standin)
    wait_until(lambda: read_progress(batched.run_folder / ".work" / "progress.json").batch_done == CALLS)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"batch={CALLS}/{CALLS}" in err
    assert "leaving the batch to the provider" in err
    assert "the batch goes on at the provider, and the same command picks it up" in err
    assert "Traceback" not in out + err
    assert not engine_of(process)
    standin.control_batches(hold=False)

    batched.config["teacher"]["mode"] = "live"
    refused = batched.run()
    assert refused.code == 2
    assert (
        f"a batch of this run is open, with {CALLS} calls; `judgemill run` with mode: batch picks it up" in refused.err
    )
    batched.config["teacher"]["mode"] = "batch"
    assert batched.run().code == 0
    assert standin.count()["paid"] == CALLS
    batched.config["teacher"]["mode"] = "live"
    done = batched.run()
    assert done.code == 0, done.err
    assert f"0 calls made, {CALLS} taken from the journal" in done.out, "one folder takes either mode"


def test_a_local_model_has_no_batches(batched: Project) -> None:
    batched.config["teacher"] = {"model": "local", "mode": "batch"}
    done = batched.run()
    assert done.code == 2
    assert "teacher.mode: batch needs an endpoint with a Batch API, but 'local' runs on this machine" in done.err
    assert not batched.run_folder.exists()


def test_no_key_reaches_a_file_of_a_batch_run(batched: Project, start_standin: Callable[..., StandIn]) -> None:
    secret = "sk-planted-0123456789"
    batched.config["teacher"] |= {"api_key_env": "PLANTED_KEY", "base_url": start_standin("--key", secret).base_url}
    done = batched.run(PLANTED_KEY=secret)
    assert done.code == 0, done.err
    refused = batched.run("--fresh", PLANTED_KEY=secret + "-wrong")
    assert refused.code == 1
    assert "401: Incorrect API key provided: [secret]" in refused.err
    for path in batched.path.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path


def ledger(project: Project) -> list[str]:
    return [path.read_text() for path in (project.run_folder / "calls" / "batches").glob("*.json")]
