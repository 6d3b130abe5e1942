"""Pairs that a cheap teacher contradicts itself about are asked about again, through the real command."""

import json
from collections import Counter
from pathlib import Path

import pytest

from synth.run.again import filter_again
from tests.conftest import Project, StandIn, journal
from tests.e2e.test_run import by_id, row, table

pytestmark = pytest.mark.e2e
CHEAP, DEAR = {"input": 1, "output": 10}, {"input": 5, "output": 50}
PARTS_OF_A_PAIR = 4


def written(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in project.run_folder.glob("*.*") if path.is_file()}


def cost(folder: Path) -> float:
    """Of all calls in a journal, each at the price of its model."""
    total = 0.0
    for call in journal(folder):
        price, reply = DEAR if call["request"]["model"] == "strong" else CHEAP, call["reply"]
        total += price["input"] * reply["input_tokens"] + price["output"] * reply["output_tokens"]
    return total / 1e6


def test_what_a_cheap_teacher_flips_on_is_asked_of_a_strong_one(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = CHEAP
    project.config["rescue"] = {"teacher": {"model": "strong", "prices": DEAR}}
    project.config["filters"] = {"order_unstable": {"policy": "rescue"}, "boilerplate": False}
    marks = ["", "[flip]", "[contrary]", "[garbage]", "[flip] [hard]", "[cut]"]
    rows = [row(number, mark, good="b", human_label="a" if number == 1 else "b") for number, mark in enumerate(marks)]
    project.write_rows(rows)

    done = project.run()

    assert done.code == 0, done.err
    assert standin.count()["paid"] == (6 + 5) * PARTS_OF_A_PAIR
    kept = by_id(table(project.run_folder / "kept.parquet"))
    assert {name: (one["verdict"], one["rescued_by"], one["first_objection"]) for name, one in kept.items()} == {
        "row-0": ("b", "", ""),
        "row-1": ("b", "strong", "order_unstable: verdict flips"),
        "row-2": ("b", "strong", "inconsistent: winner scores lower"),
        "row-3": ("b", "strong", "malformed: unreadable"),
    }
    dropped = by_id(table(project.run_folder / "dropped.parquet"))
    assert {name: (one["reason"], one["asked_again_by"]) for name, one in dropped.items()} == {
        "row-4": ("verdict flips", "strong"),
        "row-5": ("truncated", "strong"),
    }
    judgments = table(project.run_folder / "judgments.parquet")
    rounds = Counter((one["pair_id"], one["round"], one["teacher"]) for one in judgments)
    assert rounds["row-0", 1, "stand-in"] == rounds["row-1", 1, "stand-in"] == rounds["row-1", 2, "strong"] == 4
    assert len(rounds) == 6 + 5
    assert not (project.run_folder / "rescue").exists()

    assert (
        "Rescue by strong: 5 pairs asked again, 3 rescued, 2 still dropped (1 truncated, 1 verdict flips)" in done.out
    )
    assert "agreement with human labels: rescued 0.667 [" in done.out
    assert "n 3; kept at once 1.000 [0.207, 1.000] n 1" in done.out
    assert "44 calls made" in done.out
    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    assert manifest["rescued"]["first_objection"]["order_unstable"] == {"asked_again": 2, "rescued": 1}
    assert manifest["rescued"]["agreement"]["rescued"]["n"] == 3
    assert manifest["rescue"]["teacher"]["model"] == "strong"
    assert manifest["rescue"]["usage"]["calls"] == 20
    assert manifest["usage"]["calls"] == 44
    assert manifest["usage"]["cost_usd"] == pytest.approx(cost(project.run_folder / "calls"), abs=2e-6)
    assert (
        "asked about again by strong: 5 of them, of which 3 passed every filter"
        in written(project)["README.md"].decode()
    )

    first = written(project)
    assert "0 calls made, 44 taken from the journal" in project.run().out
    assert written(project) == first

    filter_again(project.run_folder, wanted="minimal")
    again = by_id(table(project.run_folder / "kept.parquet"))
    assert again["row-2"]["rescued_by"] == "", "minimal has no objection to its first round"
    assert set(again) == set(kept)
    filter_again(project.run_folder, config_path=project.path / "config.yaml")
    assert written(project) == first
    assert standin.count()["paid"] == 44


def test_votes_are_counted_within_the_budget_and_a_rescue_can_be_added_later(
    project: Project, standin: StandIn
) -> None:
    project.config["teacher"] |= {"prices": CHEAP, "max_tokens": 400}
    project.config["filters"] = "minimal"
    rows = [row(number, "[wavers]" if number % 2 else "", good="b") for number in range(10, 16)]
    project.write_rows(rows)
    assert project.run().code == 0
    assert set(by_id(table(project.run_folder / "kept.parquet"))) == {"row-10", "row-12", "row-14"}
    first = cost(project.run_folder / "calls")

    project.config |= {"rescue": {"votes": 2}, "budget_usd": first * 1.5}
    stopped = project.run()
    assert stopped.code == 1
    assert "calls of the rescue are missing; budget_usd" in stopped.err
    assert cost(project.run_folder / "calls") <= first * 1.5
    project.config["budget_usd"] = first * 10
    done = project.run()

    assert done.code == 0, done.err
    kept = by_id(table(project.run_folder / "kept.parquet"))
    assert {one["rescued_by"] for one in kept.values()} == {"", "3 votes of stand-in"}
    assert {one["verdict"] for one in kept.values()} == {"b"}
    assert len(kept) == 6
    assert standin.count()["paid"] == (6 + 3 * 2) * PARTS_OF_A_PAIR, "nothing is paid twice"
    samples = Counter(
        (one["request"]["sample"], one["request"]["parameters"]["temperature"])
        for one in journal(project.run_folder / "calls")
    )
    assert samples == {(0, 0): 24, (1, 0.7): 12, (2, 0.7): 12}
    votes = [one for one in table(project.run_folder / "judgments.parquet") if one["pair_id"] == "row-11"]
    assert [(one["round"], one["sample"]) for one in votes[::4]] == [(1, 0), (2, 1), (2, 2)]


def test_a_plan_foresees_the_rescue(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = CHEAP
    project.config["rescue"] = {"teacher": {"model": "strong", "prices": DEAR}, "reference": True}
    project.write_rows([row(number, "[flip]" if number % 2 else "") for number in range(40)])

    assert project.run("--limit", "20").code == 0
    paid = standin.count()["paid"]
    made = json.loads(project.command("plan", "config.yaml", "--json").out)

    assert {one["name"]: (one["calls"], one["in_journal"]) for one in made["stages"]} == {
        "judging, pairwise": (40, 40),
        "judging, pointwise": (40, 40),
        "rescue": (40, 40),
    }
    assert (made["rescue"]["judged"], made["rescue"]["again"], made["rescue"]["share"]) == (20, 10, 0.5)
    assert made["spent_usd"] == pytest.approx(cost(project.run_folder / "calls"), abs=2e-6)
    assert standin.count()["paid"] == paid
    (one,) = [one for one in table(project.run_folder / "judgments.parquet") if one["written_reference"]][:1]
    assert (one["round"], one["teacher"]) == (2, "strong")
