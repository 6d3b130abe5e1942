"""References that no row brought: who writes them, when there are none, and that they are in view of every judgment."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Project, StandIn, journal
from tests.e2e.test_responses import left_to_ask, project_tokens
from tests.e2e.test_run import by_id, row, table

pytestmark = pytest.mark.e2e


def sources(project: Project) -> dict[str, str]:
    return {one["id"]: one["reference_source"] for one in table(project.run_folder / "pairs.parquet")}


def user_messages(project: Project, model: str) -> list[str]:
    calls = [call["request"] for call in journal(project.run_folder / "calls")]
    return [call["messages"][-1]["content"] for call in calls if call["model"] == model]


def manifest_of(project: Project) -> dict[str, Any]:
    return dict(json.loads((project.run_folder / "manifest.json").read_text()))


def test_another_model_writes_what_rows_lack_and_every_row_says_so(
    project: Project, start_standin: Callable[..., StandIn]
) -> None:
    elsewhere = start_standin("--key", "s3cret")
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    project.config["references"] = {
        "by": "model",
        "model": {"model": "scribe", "base_url": elsewhere.base_url, "api_key_env": "SCRIBE_KEY", "max_tokens": 64}
        | {"prices": {"input": 10, "output": 20}},
        "scenarios": ["solve_first", "chitchat"],
    }
    turns = [("system", "Rhyme."), ("user", "Why?"), ("assistant", "Because."), ("user", "Why else?")]
    several = [{"role": role, "content": content} for role, content in turns]
    solved = {"scenario": "math_reasoning"}
    rows = [
        row(1, **solved),
        row(1, **solved) | {"id": "same-prompt", "response_b": "Something else."},
        row(2, reference="As the row has it.", **solved),
        row(3, scenario="chitchat") | {"prompt": several},
        row(4, "[[scribe cut]]", **solved),
        row(5),
        row(6, scenario="chitchat") | {"prompt": [*several, {"role": "assistant", "content": "Hm."}]},
        row(7, "[broken]", **solved),
    ]
    project.write_rows(rows)
    foretold = {"references": (4, 0), "judging, pairwise": (16, 0), "judging, pointwise": (15, 0)}
    left = {name: (calls, known) for name, calls, known in left_to_ask(project, SCRIBE_KEY="s3cret")}
    assert left == foretold

    done = project.run(SCRIBE_KEY="s3cret")

    assert done.code == 0, done.err
    by_scribe = dict.fromkeys(("row-1", "same-prompt", "row-3"), "model:scribe")
    assert sources(project) == by_scribe | {"row-2": "given", "row-4": "", "row-5": "", "row-6": ""}
    said = "references of 7 pairs: 1 given, 3 model:scribe, 3 none (1 nothing to answer, 1 truncated)"
    assert said in done.out
    (aside,) = [one for one in table(project.run_folder / "dropped.parquet") if one["filter"] == "input"]
    assert (aside["id"], aside["reason"]) == ("row-7", "no reference: call failed")

    answers = {one["pair_ids"][0]: one for one in table(project.run_folder / "references.parquet")}
    assert answers["row-1"]["pair_ids"] == ["row-1", "same-prompt"]
    assert (answers["row-3"]["text"], answers["row-3"]["is_reference"]) == (
        "The reference of scribe to: Why else?\nFinal answer: 42",
        True,
    )
    assert (answers["row-4"]["mark"], answers["row-4"]["is_reference"]) == ("truncated", False)
    to_scribe = [
        call["request"] for call in journal(project.run_folder / "calls") if call["request"]["model"] == "scribe"
    ]
    (chat,) = [call["messages"] for call in to_scribe if len(call["messages"]) > 2]
    assert [turn["role"] for turn in chat] == ["system", "user", "assistant", "user"]
    assert chat[0]["content"].startswith("You write the reference answer")
    assert chat[0]["content"].endswith("Rhyme.")

    shown = [one for one in user_messages(project, "stand-in") if "<reference>\nThe reference of scribe" in one]
    assert len(shown) == 3 * 4 - 1, "all orders and grades of a pair see what was written, one response of both is one"
    written = {one["pair_id"] for one in table(project.run_folder / "judgments.parquet") if one["written_reference"]}
    assert written == {"row-4"}, "only where there is none the teacher works one out itself"
    exported = by_id(_exported(project))
    assert exported["row-4"]["reference_source"] == "judgment"
    assert exported["row-3"]["reference_source"] == "model:scribe"

    manifest = manifest_of(project)
    assert manifest["references"]["pairs"] == {"given": 1, "model:scribe": 3}
    assert manifest["references"]["question"]
    assert manifest["composition"]["references"]["model:scribe"] == 3
    tokens, of_scribe = project_tokens(project), elsewhere.tokens()
    spent = (tokens["input"] + tokens["output"] + 10 * of_scribe["input"] + 20 * of_scribe["output"]) / 1e6
    assert manifest["usage"]["cost_usd"] == pytest.approx(spent, abs=1e-6)
    assert "written by `scribe` before any judgment" in (project.run_folder / "README.md").read_text()

    paid = Counter(user_messages(project, "scribe") + user_messages(project, "stand-in"))
    assert project.run(SCRIBE_KEY="s3cret").code == 0
    again = Counter(user_messages(project, "scribe") + user_messages(project, "stand-in")) - paid
    assert again == {"Reply with the word yes.": 1}, "whether the endpoint still answers, as its only call failed again"
    left = {name: (calls, known) for name, calls, known in left_to_ask(project, SCRIBE_KEY="s3cret")}
    assert left["references"] == (1, 3), "the call that failed is tried again"
    files = [path for path in project.run_folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"s3cret" in path.read_bytes()]


def _exported(project: Project) -> list[dict[str, Any]]:
    lines = (project.run_folder / "dataset" / "pairs" / "train.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_several_answers_make_a_reference_only_where_most_agree(project: Project, standin: StandIn) -> None:
    project.config["references"] = {"by": "majority", "votes": 3}
    project.config["audit"] = {"require_agreement": 0.1}
    labelled = [row(number, "[votes: 4 | 7 | **4.0**]", human_label="a") for number in range(1, 9)]
    rows = [*labelled, row(20, "[votes: 1 | 2 | 3]"), row(21), row(22, reference="Given.")]
    project.write_rows(rows)
    project.write_config()
    seen = json.loads(project.command("preview", "config.yaml", "-n", "3", "--json").out)
    names = [[call["name"] for call in one["calls"]] for one in seen["pairs"]]
    assert names.count(["reference"] * 3 + ["pairwise ab", "pairwise ba", "pointwise a", "pointwise b"]) >= 2

    done = project.run()

    assert done.code == 0, done.err
    agreed = {one["id"]: "majority 2 of 3" for one in labelled}
    assert sources(project) == agreed | {"row-20": "", "row-21": "majority 3 of 3", "row-22": "given"}
    assert "1 none (1 no majority)" in done.out
    answers = [one for one in table(project.run_folder / "references.parquet") if one["pair_ids"] == ["row-1"]]
    assert Counter(one["final_answer"] for one in answers) == {"4": 2, "7": 1}
    (reference,) = [one["text"] for one in answers if one["is_reference"]]
    first = by_id(table(project.run_folder / "pairs.parquet"))["row-1"]
    assert first["reference"] == reference
    assert {call["request"]["parameters"].get("temperature") for call in journal(project.run_folder / "calls")} == {
        0,
        0.7,
    }

    assert standin.count()["paid"] == 10 * 3 + 11 * 4, "preview, audit and run ask the same once"
    assert all(calls == 0 for _, calls, _ in left_to_ask(project))
    project.config |= {"name": "next", "previous": str(project.run_folder)}
    assert project.run().code == 0
    assert standin.count()["paid"] == 10 * 3 + 11 * 4, "the next version goes on with the same references"


def test_what_most_responses_of_a_prompt_say_is_in_view_when_they_are_graded_and_compared(
    project: Project, standin: StandIn
) -> None:
    project.config["references"] = {"by": "responses"}
    project.config["pairs"] = {"strategy": "spread"}
    agreeing = ["[good]\nFinal answer: 5", "I add them.\nFinal answer: 5.0", "Final answer: 6", "Final answer: 5"]
    project.write_rows(
        [
            {"id": "agreed", "prompt": "2 and 3?", "responses": agreeing},
            {"id": "split", "prompt": "1 and 1?", "responses": ["Final answer: 2 [good]", "11", "Final answer: 3"]},
            {"id": "labelled", "prompt": "q", "response_a": "x [good]", "response_b": "y", "human_label": "a"},
        ]
    )
    project.write_config()

    done = project.run()

    assert done.code == 0, done.err
    found = {name.partition("/")[0]: source for name, source in sources(project).items()}
    assert found == {"agreed": "majority 3 of 4", "split": "", "labelled": ""}
    pairs = {one["id"].partition("/")[0]: one for one in table(project.run_folder / "pairs.parquet")}
    assert pairs["agreed"]["reference"] == agreeing[0]
    record = manifest_of(project)["references"]
    assert (record["pairs"], record["lacking"]) == ({"majority 3 of 4": 1}, {"no majority": 1, "too few answers": 1})
    grades = [one for one in user_messages(project, "stand-in") if "Grade the response" in one]
    assert len(grades) == 4 + 3 + 2, "each response is graded once, and judging finds its grade in the journal"
    assert sum("<reference>" in one for one in grades) == 4
    assert all(calls == 0 for _, calls, _ in left_to_ask(project))
