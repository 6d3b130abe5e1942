"""The main job through the real command, against an endpoint that counts its calls."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

from tests.conftest import Project, StandIn
from tests.words import words

pytestmark = pytest.mark.e2e


def row(number: int, prompt: str = "Say hello.", good: str = "a", **more: Any) -> dict[str, Any]:
    """A pair whose sound response the stand-in knows."""
    responses = {side: f"It is one thing, {words(f'{number}{side}')}." for side in "ab"}
    if good in responses:
        responses[good] += " [good]"
    return {
        "id": f"row-{number}",
        "prompt": f"{prompt} ({number}: {words(number)})",
        "response_a": responses["a"],
        "response_b": responses["b"],
        **more,
    }


def table(path: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(path).to_pylist())


def by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows}


def test_a_run_keeps_what_is_sound_and_says_why_it_dropped_the_rest(project: Project, standin: StandIn) -> None:
    marks = ["[flip]", "[contrary]", "[garbage]", "[cut]", "[refuse]", "[too long]"]
    rows = [row(1, good="a"), row(2, good="b"), row(3, good="none")]
    rows += [row(10 + index, f"Say hello {mark}.") for index, mark in enumerate(marks)]
    rows += [row(20, response_a="the same", response_b="the same")]
    rows += [rows[0] | {"id": "again", "response_a": rows[0]["response_b"], "response_b": rows[0]["response_a"]}]
    project.write_rows(rows)

    done = project.run()

    assert done.code == 0, done.err
    kept = by_id(table(project.run_folder / "kept.parquet"))
    assert {name: one["verdict"] for name, one in kept.items()} == {"row-1": "a", "row-2": "b", "row-3": "tie"}
    assert (kept["row-2"]["score_a"], kept["row-2"]["score_b"]) == (3, 9)
    assert (kept["row-2"]["pointwise_a"], kept["row-2"]["pointwise_b"]) == (3, 9)
    dropped = {
        name: (one["filter"], one["reason"])
        for name, one in by_id(table(project.run_folder / "dropped.parquet")).items()
    }
    assert dropped == {
        "row-10": ("order_unstable", "verdict flips"),
        "row-11": ("inconsistent", "winner scores lower"),
        "row-12": ("malformed", "unreadable"),
        "row-13": ("malformed", "truncated"),
        "row-14": ("malformed", "refused"),
        "row-15": ("malformed", "call failed"),
        "row-20": ("input", "identical responses"),
        "again": ("input", "repeated pair"),
    }
    assert standin.count()["paid"] == 8 * 4, "nine pairs are asked four times each, but one of them is refused with 400"
    for word in ("readable", "consistent", "order-stable", "kept", "verdict flips", str(project.run_folder.name)):
        assert word in done.out


def test_what_is_exported_can_be_loaded_with_datasets(project: Project, tmp_path: Path) -> None:
    project.config |= {"outputs": {"splits": {"train": 0.5, "test": 0.5}}, "filters": "minimal"}
    project.write_rows(
        [row(number // 2, f"Prompt {number // 2}", id=f"r{number}", response_b=f"x{number}") for number in range(24)]
    )

    assert project.run().code == 0

    loaded = load_dataset(str(project.run_folder), "pairs", cache_dir=str(tmp_path / "cache"))
    exported = {split: {one["id"] for one in loaded[split]} for split in loaded}
    kept = {one["id"] for one in table(project.run_folder / "kept.parquet")}
    assert exported["train"] | exported["test"] == kept
    assert len(kept) == 24
    prompts = {split: {one["prompt"][0]["content"] for one in loaded[split]} for split in loaded}
    assert not prompts["train"] & prompts["test"], "pairs of one prompt stay in one split"


def test_a_run_can_hold_scenarios_out_and_augment_what_is_left(project: Project, standin: StandIn) -> None:
    # the stand-in names no reference, and speaks of slots as a teacher does
    project.write_rows([row(number, scenario="planning" if number % 4 else "math_reasoning") for number in range(12)])
    project.config["outputs"] = {"splits": {"train": 0.7, "test": 0.3}}
    assert project.run().code == 0
    paid = standin.count()["paid"]
    project.config["outputs"] |= {"held_out": ["exam_questions"], "augment": {"swap": "other_order"}}

    done = project.run()

    assert done.code == 0, done.err
    assert standin.count()["paid"] == paid
    found = {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in (project.run_folder / "dataset" / "pairs").glob("*.jsonl")
    }
    assert {one["scenario"] for one in found.pop("unseen")} == {"math_reasoning"}
    assert {one["scenario"] for rows in found.values() for one in rows} == {"planning"}
    copies = {one["id"]: one for one in found["train"] if one["id"].endswith("~swap")}
    originals = {one["id"]: one for one in found["train"] if not one["id"].endswith("~swap")}
    assert set(copies) == {f"{name}~swap" for name in originals}
    for name, one in originals.items():
        assert copies[f"{name}~swap"]["response_a"] == one["response_b"]
        assert {copies[f"{name}~swap"]["verdict"], one["verdict"]} == {"a", "b"}
    assert not any(one["id"].endswith("~swap") for one in found.get("test", []))
    assert f"copies ~swap: {len(copies)} made" in done.out

    project.config["outputs"]["held_out"] = ["exam_question"]
    refused = project.run()
    assert refused.code == 2
    assert "outputs.held_out: unknown scenario, group or folder 'exam_question'" in refused.err
    assert "did you mean 'exam_questions'?" in refused.err
    assert refused.err.strip().count("\n") == 0


def test_a_second_run_pays_for_nothing_and_writes_the_same_bytes(project: Project, standin: StandIn) -> None:
    project.write_rows([row(number) for number in range(12)])
    assert project.run().code == 0
    paid = standin.count()["paid"]
    first = {path.name: path.read_bytes() for path in project.run_folder.glob("*.*") if path.is_file()}

    done = project.run()

    assert done.code == 0
    assert standin.count()["paid"] == paid == 48
    assert "0 calls made, 48 taken from the journal" in done.out
    assert {path.name: path.read_bytes() for path in project.run_folder.glob("*.*") if path.is_file()} == first


def test_a_larger_limit_pays_for_the_new_pairs_only(project: Project, standin: StandIn) -> None:
    project.write_rows([row(number) for number in range(6)])
    assert project.run("--limit", "2").code == 0
    assert standin.count()["paid"] == 8
    done = project.run()
    assert done.code == 0
    assert standin.count()["paid"] == 24
    assert len(table(project.run_folder / "kept.parquet")) == 6


def test_filters_can_change_without_a_call(project: Project, standin: StandIn) -> None:
    project.write_rows([row(1), row(2, "Say hello [contrary]")])
    assert project.run().code == 0
    assert set(by_id(table(project.run_folder / "kept.parquet"))) == {"row-1"}
    project.config["filters"] = "minimal"
    again = project.run()
    assert again.code == 0
    assert "filtered by what the config says, minimal; it was filtered by default before" in again.out
    assert set(by_id(table(project.run_folder / "kept.parquet"))) == {"row-1", "row-2"}
    assert standin.count()["paid"] == 8


def test_fresh_puts_the_old_run_aside_and_pays_again(project: Project, standin: StandIn) -> None:
    project.write_rows([row(1)])
    assert project.run().code == 0
    assert project.run("--fresh").code == 0
    assert standin.count()["paid"] == 8
    assert (project.run_folder.with_name("test.old-1") / "kept.parquet").exists()


def test_an_endpoint_without_json_schema_gets_json_object(project: Project, standin: StandIn) -> None:
    standin.control(no_schema=True)
    project.write_rows([row(1), row(2)])
    assert project.run().code == 0
    assert len(table(project.run_folder / "kept.parquet")) == 2
    assert standin.count()["paid"] == 8


def test_one_protocol_alone_is_enough(project: Project, standin: StandIn) -> None:
    project.config["judging"] = {"protocols": ["pointwise"], "scale": "1-10"}
    project.write_rows([row(1, good="b")])
    assert project.run().code == 0
    (kept,) = table(project.run_folder / "kept.parquet")
    assert kept["verdict"] == "b"
    assert standin.count()["paid"] == 2


def test_unreadable_rows_are_set_aside_where_the_user_allows_it(project: Project) -> None:
    project.config["data"]["bad_rows"] = "skip"
    project.write_rows([row(1)])
    with (project.path / "rows.jsonl").open("a") as file:
        file.write("{not json\n" + json.dumps({"prompt": "x", "response_a": 3, "response_b": "y"}) + "\n")
    assert project.run().code == 0
    dropped = table(project.run_folder / "dropped.parquet")
    assert [one["reason"] for one in dropped] == ["unreadable row", "unreadable row"]
    assert "rows.jsonl:2" in dropped[0]["detail"]
    assert dropped[0]["raw"] == "{not json"


def test_scripts_get_the_outcome_as_json(project: Project) -> None:
    project.write_rows([row(number) for number in range(3)])
    told = json.loads(project.run("--json", "--quiet").out)
    assert Path(told["folder"], "kept.parquet").parent.name == project.config["name"]
    assert told["counts"]["judged"] == 3
    assert told["calls"] == {"made": 12, "from_journal": 0, "failed": 0}
    assert json.loads(project.run("--json", "--quiet").out)["calls"]["from_journal"] == 12


def test_no_secret_reaches_a_file_or_the_output(project: Project, standin: StandIn) -> None:
    secret = "sk-planted-0123456789"
    planted = {"PLANTED_KEY": secret, "PLANTED_HEADER": f"Bearer {secret}-too"}
    project.config["teacher"] |= {"api_key_env": "PLANTED_KEY", "headers": {"X-Team": "PLANTED_HEADER"}}
    project.write_rows([row(number) for number in range(3)])
    done = project.run(**planted)
    assert done.code == 0
    said = done.out + done.err
    standin.control(status=401, message=f"Incorrect API key provided: {secret} {secret}-too", times=-1)
    project.config["name"] = "second"
    refused = project.run(**planted)
    assert refused.code == 1
    said += refused.out + refused.err
    assert "Incorrect API key provided: [secret]" in refused.err
    assert secret not in said
    for path in project.path.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes(), path
