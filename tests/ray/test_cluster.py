"""A run over two nodes of a real Ray cluster: the same dataset, one budget, nothing lost with a node or a driver."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Project, StandIn, journal
from tests.e2e.test_budget import PRICES, spent
from tests.e2e.test_interruptions import wait_until
from tests.e2e.test_run import row
from tests.ray.conftest import TwoNodes

pytest.importorskip("ray", reason="Ray is not installed; make test-ray has it")
pytestmark = [pytest.mark.ray, pytest.mark.timeout(600)]
SLOTS = 4
PAIRS = 40
TWICE = 5
CALLS = 4 * PAIRS


@pytest.fixture
def slow(project: Project, start_standin: Callable[..., StandIn]) -> tuple[Project, StandIn]:
    """Forty different pairs, some of which come twice, far apart; calls take 50 ms, and a key that only nodes have."""
    endpoint = start_standin("--key", "sk-of-the-nodes", "--wait", "0.05")
    project.config["teacher"] |= {
        "base_url": endpoint.base_url,
        "api_key_env": "TEACHER_KEY",
        "slots": SLOTS,
        "prices": PRICES,
        "max_tokens": 400,
    }
    rows = [row(number) for number in range(10, 10 + PAIRS)]
    project.write_rows([*rows, *(one | {"id": f"{one['id']}-again"} for one in rows[:TWICE])])
    return project, endpoint


def undisturbed(project: Project, endpoint: StandIn) -> dict[str, bytes]:
    """What a run brings on this machine alone. The name of the run stands in no table."""
    done = project.run()
    assert done.code == 0, done.err
    assert endpoint.count()["paid"] == CALLS
    return tables(project)


def tables(project: Project) -> dict[str, bytes]:
    names = ("kept.parquet", "dropped.parquet", "judgments.parquet", "manifest.json")
    return {name: (project.run_folder / name).read_bytes() for name in names}


def files(project: Project) -> list[Path]:
    return sorted((project.run_folder / "calls").glob("*.jsonl"))


def test_two_nodes_keep_to_one_budget_and_the_slots_and_bring_what_one_machine_does(
    slow: tuple[Project, StandIn], two_nodes: TwoNodes
) -> None:
    project, endpoint = slow
    alone = undisturbed(project, endpoint)
    whole = spent(endpoint)
    project.config |= {"name": "spread", "budget_usd": whole / 2}

    stopped = project.run("--ray", two_nodes.address)

    assert stopped.code == 1
    assert "budget_usd" in stopped.err
    assert "is reached" in stopped.err
    half = spent(endpoint) - whole
    assert whole / 4 < half <= whole / 2
    assert len(files(project)) == 2, "both nodes made calls, each with a file of its own"
    written = b"".join(path.read_bytes() for path in project.run_folder.rglob("*") if path.is_file())
    assert b"sk-of-the-nodes" not in written + two_nodes.said()

    project.config["budget_usd"] = whole * 2
    done = project.run("--ray", two_nodes.address)

    assert done.code == 0, done.err
    assert tables(project) == alone
    counts = endpoint.count()
    assert counts["paid"] == 2 * CALLS, "nothing was paid twice, not even what two nodes asked"
    assert counts["most_in_flight"] == SLOTS
    assert not two_nodes.replicas()


def test_a_node_that_is_lost_ends_the_run_with_a_line_and_nothing_else_is_lost(
    slow: tuple[Project, StandIn], two_nodes: TwoNodes
) -> None:
    project, endpoint = slow
    alone = undisturbed(project, endpoint)
    project.config["name"] = "lost"
    project.write_config()
    endpoint.control(wait=0.4)
    process = project.start("run", "config.yaml", "--ray", two_nodes.address)
    wait_until(lambda: endpoint.count()["paid"] >= CALLS + 40 or process.poll() is not None, 120)
    assert process.poll() is None, process.communicate()
    assert len(files(project)) == 2

    two_nodes.kill_the_second()
    _, err = process.communicate(timeout=180)

    assert process.returncode == 1
    assert "'judge' on node" in err
    assert "is lost: its process or its node died" in err
    assert "run the same command again to resume" in err
    assert "Traceback" not in err
    assert not two_nodes.replicas(), "nobody goes on spending"
    paid = endpoint.count()["paid"]
    assert paid - CALLS - len({call["key"] for call in journal(project.run_folder / "calls")}) <= SLOTS
    endpoint.control(wait=0.0)

    done = project.run("--ray", two_nodes.address)

    assert done.code == 0, done.err
    assert tables(project) == alone
    assert endpoint.count()["paid"] <= 2 * CALLS + SLOTS


def test_without_their_driver_replicas_make_no_calls_and_ctrl_c_ends_them_in_peace(
    slow: tuple[Project, StandIn], two_nodes: TwoNodes
) -> None:
    project, endpoint = slow
    alone = undisturbed(project, endpoint)
    project.config["name"] = "killed"
    project.write_config()
    process = project.start("run", "config.yaml", "--ray", two_nodes.address)
    wait_until(lambda: endpoint.count()["paid"] >= CALLS + 20, 120)
    process.kill()
    process.communicate()
    wait_until(lambda: not two_nodes.replicas(), 30)
    paid = endpoint.count()["paid"]
    time.sleep(1)
    assert endpoint.count()["paid"] == paid < 2 * CALLS
    known = len({call["key"] for call in journal(project.run_folder / "calls")})
    assert paid - CALLS - known <= SLOTS

    endpoint.control(wait=0.3)
    process = project.start("run", "config.yaml", "--ray", two_nodes.address)
    wait_until(lambda: endpoint.count()["paid"] >= paid + 10, 120)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "again to resume" in err
    assert endpoint.count()["paid"] - CALLS - SLOTS <= len(
        {call["key"] for call in journal(project.run_folder / "calls")}
    )
    endpoint.control(wait=0.0)
    done = project.run()
    assert done.code == 0, "a run that was begun on a cluster can be finished without one"
    assert tables(project) == alone
    assert endpoint.count()["paid"] <= 2 * CALLS + SLOTS


def test_what_is_wrong_with_a_cluster_is_said_before_any_call(
    slow: tuple[Project, StandIn], two_nodes: TwoNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, endpoint = slow
    nowhere = project.run("--ray", "127.0.0.1:9")
    assert (nowhere.code, nowhere.err) == (
        2,
        "looking at the nodes of the Ray cluster at 127.0.0.1:9\n"
        "judgemill: --ray 127.0.0.1:9: nothing answers there (Connection refused); HOST:PORT as `ray start` prints it, "
        "or auto\n",
    )
    strange = project.run("--ray", "ray://127.0.0.1:10001")
    assert strange.code == 2
    assert "is no address of a cluster" in strange.err
    project.config["teacher"]["api_key_env"] = "ONLY_HERE"
    keyless = project.run("--ray", two_nodes.address, ONLY_HERE="sk-of-the-nodes")
    assert keyless.code == 2
    assert "has no ONLY_HERE; set it where `ray start` runs" in keyless.err
    assert "sk-of-the-nodes" not in keyless.err
    assert endpoint.count()["came"] == 0
    assert not project.run_folder.exists(), "nothing is left of it"
