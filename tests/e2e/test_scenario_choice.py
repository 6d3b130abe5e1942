"""Rows without a scenario: the teacher chooses, is asked once a prompt, and its answers are never paid for twice."""

import hashlib
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from synth.rows import columns
from synth.run import tables
from synth.run.choosing import requests
from synth.run.prepare import prepare
from synth.run.teacher import terms
from tests.conftest import Project, StandIn, journal
from tests.e2e.test_interruptions import engine_of, start_and_wait_for, wait_until
from tests.e2e.test_run import by_id, row, table

pytestmark = pytest.mark.e2e

MATH, EMAIL = "[scenario: math_reasoning]", "[scenario: writing_email]"


@pytest.fixture
def choosing(project: Project) -> Project:
    del project.config["scenarios"]
    return project


def scenarios(project: Project) -> dict[str, str]:
    return {name: one["scenario"] for name, one in by_id(table(project.run_folder / "pairs.parquet")).items()}


def how(project: Project) -> dict[str, tuple[str, str]]:
    rows = table(project.run_folder / "scenarios.parquet")
    return {one["pair_id"]: (one["how"], one["reason"]) for one in rows}


def calls(folder: Path) -> list[dict[str, Any]]:
    return journal(folder / "calls")


def for_scenarios(folder: Path) -> list[dict[str, Any]]:
    return [call for call in calls(folder) if "scenario" in call["request"]["schema"]["properties"]]


def test_rows_without_a_scenario_get_one_and_labelled_ones_are_left_alone(choosing: Project, standin: StandIn) -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": f"Now add. {MATH}"},
    ]
    rows = [
        row(1, f"Add two and two. {MATH}", scenario="chitchat"),
        row(2, f"Add two and two. {MATH}"),
        row(3, f"Write to Ada. {EMAIL}", reference="Dear Ada."),
        row(4, "What is it?"),
        row(5, prompt=turns),
        row(6, "[garbage]"),
        row(7, "[refuse]"),
        row(8, "[too long]"),
        row(9, "[scenario: no_such_scenario]"),
    ]
    rows[4]["prompt"] = turns
    again = rows[2]["prompt"].replace("Write to Ada", "WRITE  to ada")
    rows.append(row(10, response_a="One more.") | {"prompt": again})
    choosing.write_rows(rows)

    done = choosing.run()

    assert done.code == 0, done.err
    assert scenarios(choosing) == {
        "row-1": "chitchat",
        "row-2": "math_reasoning",
        "row-3": "writing_email",
        "row-4": "others",
        "row-5": "math_reasoning",
        "row-6": "others",
        "row-7": "others",
        "row-8": "others",
        "row-9": "others",
        "row-10": "writing_email",
    }
    assert how(choosing) == {
        "row-1": ("given", ""),
        "row-2": ("chosen", f"It says {MATH}."),
        "row-3": ("chosen", f"It says {EMAIL}."),
        "row-4": ("chosen", "Nothing tells."),
        "row-5": ("chosen", f"It says {MATH}."),
        "row-6": ("unreadable", "no JSON object in the reply"),
        "row-7": ("unreadable", "the teacher declined to choose"),
        "row-8": ("unanswered", "400: This model's maximum context length is 10 tokens"),
        "row-9": ("chosen", "Nothing tells."),
        "row-10": ("chosen", f"It says {EMAIL}."),
    }
    replies = {one["pair_id"]: one["reply"] for one in table(choosing.run_folder / "scenarios.parquet")}
    assert {name for name, reply in replies.items() if reply} == {"row-6", "row-7"}
    asked = [call["request"]["messages"] for call in for_scenarios(choosing.run_folder)]
    assert len(asked) == 7, "one for each prompt but the labelled one, the one that is refused, and the repeated one"
    assert {messages[0]["content"] for messages in asked} == {asked[0][0]["content"]}
    (several,) = [messages[1]["content"] for messages in asked if "Now add." in messages[1]["content"]]
    assert "[system]\nBe brief.\n[user]\nHello.\n[assistant]\nHello.\n[user]\nNow add." in several
    assert standin.count()["paid"] == 7 + 9 * 4
    assert "scenarios of 10 pairs: 1 given, 9 chosen (5 others, 3 of them without a readable reply)" in done.out
    manifest = json.loads((choosing.run_folder / "manifest.json").read_text())
    assert manifest["scenarios"]["given"] == 1
    assert manifest["scenarios"]["chosen"] == 6
    assert manifest["scenarios"]["question"] == hashlib.sha256(asked[0][0]["content"].encode()).hexdigest()[:16]
    assert set(manifest["hashes"]["scenarios"]) == {"chitchat", "math_reasoning", "others", "writing_email"}
    card = (choosing.run_folder / "README.md").read_text()
    assert "The teacher chose the scenario of the 9 pairs that named none, from 58 on offer; for 3 of them" in card


def test_the_criteria_judged_by_are_those_of_the_scenario_that_was_chosen(choosing: Project) -> None:
    choosing.write_rows([row(1, f"Write to Ada. {EMAIL}")])
    assert choosing.run().code == 0
    judged = [call for call in calls(choosing.run_folder) if "scenario" not in call["request"]["schema"]["properties"]]
    assert len(judged) == 4
    assert all("Kind of prompt: writing_email." in call["request"]["messages"][0]["content"] for call in judged)


def test_no_call_is_made_where_every_row_names_its_scenario_or_takes_the_default(
    choosing: Project, standin: StandIn
) -> None:
    choosing.config["scenarios"] = {"default": "planning"}
    choosing.write_rows([row(1, scenario="chitchat"), row(2, MATH)])
    done = choosing.run()
    assert done.code == 0, done.err
    assert scenarios(choosing) == {"row-1": "chitchat", "row-2": "planning"}
    manifest = json.loads((choosing.run_folder / "manifest.json").read_text())
    assert (manifest["scenarios"]["offered"], manifest["scenarios"]["question"]) == ([], "")
    assert how(choosing) == {"row-1": ("given", ""), "row-2": ("default", "")}
    assert standin.count()["paid"] == 8
    assert "scenarios of 2 pairs: 1 given, 1 default" in done.out


def test_what_is_on_offer_can_be_restricted(choosing: Project) -> None:
    pack = choosing.path / "packs" / "tea"
    pack.mkdir(parents=True)
    criterion = {"name": "hot", "type": "content", "objective": True, "description": "Is hot. Fails if it is cold."}
    definition = {"definition": "The user wants a cup of tea.", "criteria": [criterion]}
    for name, more in {"green_tea": {}, "black_tea": {}, "cold_tea": {"draft": True}}.items():
        (pack / f"{name}.yaml").write_text(json.dumps({"name": name} | definition | more))
    choosing.config["scenarios"] = {"folders": ["packs/tea"], "among": ["packs/tea", "exam_questions", "planning"]}
    choosing.write_rows([row(1, MATH), row(2, EMAIL), row(3, "[scenario: green_tea]"), row(4, "[scenario: cold_tea]")])
    done = choosing.run()
    assert done.code == 0, done.err
    assert list(scenarios(choosing).values()) == ["math_reasoning", "others", "green_tea", "others"]
    asked = for_scenarios(choosing.run_folder)
    offered = {
        "math_reasoning",
        "solving_exam_question_with_math",
        "solving_exam_question_without_math",
        "planning",
        "others",
        "green_tea",
        "black_tea",
    }
    for call in asked:
        names = call["request"]["schema"]["properties"]["scenario"]["enum"]
        assert set(names) == offered
        assert len(names) == len(offered)
        assert "- writing_email:" not in call["request"]["messages"][0]["content"]


def test_running_again_pays_for_nothing_and_writes_the_same_bytes(choosing: Project, standin: StandIn) -> None:
    choosing.write_rows([row(number, f"{number % 5} {MATH}") for number in range(10)])
    assert choosing.run("--limit", "4").code == 0
    assert standin.count()["paid"] == 4 + 16
    assert choosing.run().code == 0
    assert standin.count().items() >= {"paid": 50, "distinct": 50}.items()
    first = {path.name: path.read_bytes() for path in choosing.run_folder.glob("*.*") if path.is_file()}
    assert {"pairs.parquet", "scenarios.parquet", "kept.parquet"} <= set(first)

    done = choosing.run()

    assert "0 calls made, 50 taken from the journal" in done.out
    assert standin.count()["paid"] == 50
    assert {path.name: path.read_bytes() for path in choosing.run_folder.glob("*.*") if path.is_file()} == first


def test_kill_9_and_ctrl_c_while_choosing_lose_nothing(choosing: Project, standin: StandIn) -> None:
    rows = 30
    choosing.config["teacher"]["slots"] = 4
    choosing.write_rows([row(number, MATH) for number in range(rows)])
    choosing.write_config()
    standin.control(wait=0.1)
    process = start_and_wait_for(choosing, standin, paid=8)
    process.kill()
    process.communicate()
    wait_until(lambda: not engine_of(process))
    process = start_and_wait_for(choosing, standin, paid=16)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"of {rows} calls are in the journal; run the same command again to resume" in err
    assert not (choosing.run_folder / "judgments.parquet").exists()
    standin.control(wait=0.0)

    assert choosing.run().code == 0

    assert set(scenarios(choosing).values()) == {"math_reasoning"}
    assert standin.count()["distinct"] == rows * 5
    assert standin.count()["paid"] <= rows * 5 + 4


def test_a_pair_whose_call_for_a_scenario_fails_is_not_judged_by_another_one(
    choosing: Project, standin: StandIn
) -> None:
    choosing.write_rows([row(1, MATH), row(2, "Say hello [broken]"), row(3, EMAIL)])
    done = choosing.run()
    assert done.code == 0, done.err
    assert scenarios(choosing) == {"row-1": "math_reasoning", "row-3": "writing_email"}
    (dropped,) = table(choosing.run_folder / "dropped.parquet")
    assert (dropped["id"], dropped["filter"], dropped["reason"]) == ("row-2", "input", "no scenario: call failed")
    assert "500" in dropped["detail"]
    assert standin.count()["paid"] == 2 + 2 * 4
    assert "1 calls failed for good; running again tries those" in " ".join(done.out.split())


def test_an_endpoint_without_json_schema_chooses_too(choosing: Project, standin: StandIn) -> None:
    standin.control(no_schema=True)
    choosing.write_rows([row(1, MATH), row(2, "[scenario: no_such_scenario]")])
    assert choosing.run().code == 0
    assert scenarios(choosing) == {"row-1": "math_reasoning", "row-2": "others"}
    assert how(choosing)["row-2"][0] == "unreadable", "a name that is not on offer is no choice"


def test_the_calls_are_those_that_were_foretold(choosing: Project) -> None:
    """A plan counts what `requests` yields, so that it must be what the engine asks."""
    choosing.config["judging"] = {"max_chars": 60}
    choosing.config["scenarios"] = {"among": ["exam_questions", "planning", "creative_writing/creative_writing"]}
    rows = [row(number, f"{number} {MATH}") for number in range(6)] + [row(7, EMAIL, scenario="planning")]
    choosing.write_rows([*rows, rows[0] | {"id": "again", "response_a": "Another."}])
    assert choosing.run().code == 0
    prepared = prepare(choosing.path / "config.yaml", {})
    pairs = [columns.pair(one | {"scenario": ""}) for one in tables.read(choosing.run_folder / "pairs.parquet")]
    labelled = [one for one in pairs if one.id != "row-7"]
    foretold = [request.key for request in requests(prepared, terms(prepared), labelled)]
    assert len(foretold) == 6
    assert sorted(foretold) == sorted(call["key"] for call in for_scenarios(choosing.run_folder))
