"""Copies of responses with one planted flaw, through the real command: beside the pairs of a run, and as an audit."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.conftest import Project, StandIn, journal
from tests.e2e.test_responses import asked_of, left_to_ask, responder
from tests.e2e.test_run import table

pytestmark = pytest.mark.e2e

FACT = "It was opened in 1883 and is [good] to look at, from the shore and from the water, in spring and in autumn."
CODE = f"{FACT}\n\n```python\ndef total(values):\n    return sum(values)\n```"
LIST = "Buy these [good] things today:\n- eggs, a dozen of them\n- flour, the plain sort\n- butter, unsalted"
KINDS = ["factual_slip", "dropped_instruction", "padding", "wrong_format", "broken_code"]


def pair(name: str, prompt: str, good: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "prompt": prompt, "response_a": good, "response_b": f"No idea about {name}, I am sorry."} | more


def rows() -> list[dict[str, Any]]:
    return [
        pair("fact", "When was it opened?", FACT, human_label="a"),
        pair("code", "Add them, and say when it was opened.", CODE, human_label="a"),
        pair("list", "A list of what to buy, with three things.", LIST, human_label="a"),
        pair("flip", "[flip] When was it opened?", FACT, human_label="a"),
    ]


def test_an_audit_by_flaws_says_which_are_found_in_which_slot_and_needs_no_label(
    project: Project, standin: StandIn
) -> None:
    project.config["flaws"] = {"model": responder(standin, "writer"), "kinds": KINDS, "share": 0.5}
    project.write_rows([*rows(), pair("tie", "[changes nothing] Why?", FACT.replace("[good] ", ""))])
    project.write_config()

    done = project.command("audit", "config.yaml", "--planted", "-n", "4")

    assert done.code == 0, done.err
    assert "Planted flaws that the teacher finds, of" in done.out
    assert "flawed response first" in done.out
    copies = table(project.run_folder / "audit/planted/planted.parquet")
    assert len({row["pair_id"] for row in copies}) == 4
    done = project.command("audit", "config.yaml", "--planted", "-n", "5", "--json")
    assert done.code == 0, done.err
    copies = {row["id"]: row for row in table(project.run_folder / "audit/planted/planted.parquet")}
    assert {name for name in copies if name.startswith(("fact", "list"))} == {
        "fact~factual_slip",
        "fact~padding",
        "list~dropped_instruction",
        "list~padding",
        "list~wrong_format",
    }
    assert "code~broken_code" in copies
    assert {row["reason"] for row in copies.values() if row["pair_id"] == "tie"} == {"unchanged"}
    assert {row["reason"] for row in copies.values() if row["pair_id"] != "tie"} == {""}
    found = json.loads(done.out)
    flips = sum(row["pair_id"] == "flip" for row in copies.values())
    judged = sum(row["reason"] == "" for row in copies.values())
    assert found["all"]["pairs"] == judged
    assert found["all"]["both_orders"]["n"] == judged
    assert found["all"]["both_orders"]["value"] == pytest.approx((judged - flips) / judged, abs=1e-4)
    assert found["all"]["flawed_first"]["value"] == found["all"]["both_orders"]["value"]
    assert found["all"]["flawed_second"]["value"] == 1, "the first slot wins, and there the sound one is"
    assert found["all"]["grades"]["value"] == 1
    assert found["flaws"]["wrong_format"]["both_orders"] == {"value": 1, "low": 0.2065, "high": 1, "n": 1}
    assert json.loads((project.run_folder / "planted.json").read_text()) == found

    paid = standin.count()
    assert paid["paid"] == paid["distinct"] == len(copies) + judged * 2 + judged + 5 - 1
    again = project.command("audit", str(project.run_folder), "--planted", "--json")
    assert json.loads(again.out) == found
    assert standin.count() == paid
    assert project.command("audit", str(project.run_folder), "--planted", "--plots", "png").code == 2
    assert project.command("audit", "config.yaml", "-n", "3").err.startswith("judgemill: -n is of --planted")


def test_planted_pairs_stand_beside_the_others_and_are_held_to_how_they_were_made(
    project: Project, standin: StandIn
) -> None:
    writer = responder(standin, "writer", prices={"input": 1, "output": 1})
    project.config["flaws"] = {"model": writer, "kinds": ["factual_slip", "padding"], "share": 0.5}
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    project.config["budget_usd"] = 5
    blind = FACT.replace("[good] ", "")
    project.write_rows(
        [pair(f"{number}", f"When? Question {number}", FACT if number % 2 else blind) for number in range(12)]
        + [pair(f"t{number}", f"[tells] When? Question {number}", FACT) for number in range(6)]
    )
    (planting, *_) = [one for one in left_to_ask(project) if one[0] == "planting flaws, writer"]
    assert project.command("preview", "config.yaml", "-n", "3").code == 0

    done = project.run()

    assert done.code == 0, done.err
    copies = {row["id"]: row for row in table(project.run_folder / "planted.parquet")}
    made = {name for name, row in copies.items() if not row["reason"]}
    assert planting[1] == len(copies) == asked_of(project)["writer"]
    assert {row["reason"] for name, row in copies.items() if name.startswith("t")} == {"gives itself away"}
    assert f"{len(made)} of {len(copies)} copies with a flaw planted by writer make a pair" in done.out
    pairs = {row["id"]: row for row in table(project.run_folder / "pairs.parquet")}
    assert len(pairs) == 18 + len(made)
    assert all(row["human_label"] == "" and row["flawed"] for name, row in pairs.items() if name in made)
    assert all(row[f"response_{row['flawed']}"] == copies[name]["text"] for name, row in pairs.items() if name in made)

    fates = {row["id"]: row for row in table(project.run_folder / "dropped.parquet")}
    for name in made:
        if "[good]" in copies[name]["sound"]:
            assert name not in fates
        else:
            assert (fates[name]["filter"], fates[name]["reason"]) == ("off_target", "planted flaw not seen")
    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == 18
    assert manifest["counts"]["judged"] == 18 + len(made)
    assert manifest["planted"]["asked"] == len(copies)
    assert Counter(copies[name]["flaw"] for name in made) == manifest["planted"]["pairs"]
    assert "that `writer` planted" in (project.run_folder / "README.md").read_text()
    keys = [call["key"] for call in journal(project.run_folder / "calls")]
    assert len(keys) == len(set(keys)) == manifest["usage"]["calls"]
    assert [calls for _, calls, _ in left_to_ask(project)] == [0] * 3

    detected = json.loads(project.command("audit", str(project.run_folder), "--planted", "--json").out)
    seen = sum("[good]" in copies[name]["sound"] for name in made)
    assert detected["all"]["both_orders"]["value"] == pytest.approx(seen / len(made), abs=1e-4)
    assert detected["all"]["ties"]["value"] == pytest.approx(1 - seen / len(made), abs=1e-4)
    assert project.command("filter", str(project.run_folder), "--filters", "minimal").code == 0
    assert json.loads((project.run_folder / "manifest.json").read_text())["counts"]["rows"] == 18
    assert asked_of(project)["writer"] == len(copies)
