"""A run with a budget stops before it is broken, and goes on where it was when it is raised."""

import json

import pytest

from tests.conftest import Project, StandIn
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e
PRICES = {"input": 1.0, "output": 10.0}


def spent(standin: StandIn) -> float:
    tokens = standin.tokens()
    return (PRICES["input"] * tokens["input"] + PRICES["output"] * tokens["output"]) / 1e6


def test_half_the_money_stops_half_way_and_the_rest_finishes_the_same_run(project: Project, standin: StandIn) -> None:
    project.config["teacher"] |= {"prices": PRICES, "max_tokens": 400}
    project.write_rows([row(number) for number in range(10, 40)])
    unlimited = project.run()
    assert unlimited.code == 0, unlimited.err
    whole, folder = spent(standin), project.run_folder
    assert "on these judgments in all" in unlimited.out
    assert "120 calls, about " in unlimited.err
    assert "USD (from the first 30 of 30 pairs)" in unlimited.err
    assert "cost=$" in unlimited.err
    project.config |= {"name": "capped", "budget_usd": whole / 2}

    stopped = project.run()

    half = spent(standin) - whole
    assert stopped.code == 1
    assert "calls are missing; budget_usd" in stopped.err
    assert "is reached" in stopped.err
    assert "raise it; run the same command again to resume" in stopped.err
    assert whole / 4 < half <= whole / 2
    paid = standin.count()["paid"]
    assert 120 < paid < 240
    assert project.run().code == 1
    assert standin.count()["paid"] - paid <= 1, "what is in the journal counts as spent"

    project.config["budget_usd"] = whole * 2
    done = project.run()

    assert done.code == 0, done.err
    assert standin.count()["paid"] == 240, "nothing is paid twice"
    assert spent(standin) == pytest.approx(2 * whole)
    for name in ("kept.parquet", "dropped.parquet", "judgments.parquet"):
        assert (project.run_folder / name).read_bytes() == (folder / name).read_bytes(), name
    assert (project.run_folder / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()
    usage = json.loads((folder / "manifest.json").read_text())["usage"]
    tokens = standin.tokens()
    assert usage == {
        "calls": 120,
        "input_tokens": tokens["input"] // 2,
        "cached_tokens": 0,
        "output_tokens": tokens["output"] // 2,
        "calls_without_token_counts": 0,
        "cost_usd": pytest.approx(whole),
    }


def test_a_budget_without_a_price_is_refused_before_any_call(project: Project, standin: StandIn) -> None:
    project.config["budget_usd"] = 5
    project.write_rows([row(1)])
    done = project.run()
    assert done.code == 2
    assert "budget_usd needs a price, and none is known for stand-in" in done.err
    assert "add teacher.prices: {input: ..., output: ...}" in done.err
    assert standin.count()["paid"] == 0
    assert not project.run_folder.exists()


def test_a_budget_below_one_call_makes_none(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = PRICES
    project.config["budget_usd"] = 0.0001
    project.write_rows([row(1)])
    done = project.run()
    assert done.code == 1
    assert "budget_usd 0.0001 is reached: 0.00 spent" in done.err
    assert standin.count()["paid"] == 0


def test_an_endpoint_without_token_counts_is_estimated_and_said_to_be(project: Project, standin: StandIn) -> None:
    standin.control(usage=False)
    project.config["teacher"]["prices"] = PRICES
    project.write_rows([row(1)])
    done = project.run("--quiet")
    assert done.code == 0, done.err
    assert done.err == ""
    usage = json.loads((project.run_folder / "manifest.json").read_text())["usage"]
    assert usage["calls_without_token_counts"] == 4
    assert usage["input_tokens"] > 0
    assert usage["cost_usd"] > 0
    assert "estimated from the length of 4 replies" in done.out
