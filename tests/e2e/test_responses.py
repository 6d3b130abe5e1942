"""Prompts without responses become judged pairs: models answer, two are chosen, both orders are judged."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from synth.run.intake import Intake
from synth.run.known import NOTHING_KNOWN
from synth.run.prepare import prepare
from synth.run.responding.planned import planned
from synth.teacher.journal import Journal
from tests.conftest import Project, StandIn, journal
from tests.e2e.test_run import table

pytestmark = pytest.mark.e2e

FREE = {"input": 0, "output": 0}


def responder(standin: StandIn, model: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "base_url": standin.base_url, "api_key_env": "", "prices": FREE, **more}


def by_prompt(project: Project, prompt: str) -> list[dict[str, Any]]:
    return [row for row in table(project.run_folder / "responses.parquet") if row["prompt_id"] == prompt]


def marks(project: Project, prompt: str) -> dict[str, str]:
    return {row["model"]: row["mark"] for row in by_prompt(project, prompt)}


def asked_of(project: Project) -> Counter[str]:
    """Calls of the journal by model; those of the teacher are judgments."""
    return Counter(call["request"]["model"] for call in journal(project.run_folder / "calls"))


def left_to_ask(project: Project, **env: str) -> list[tuple[str, int, int]]:
    """Calls to make and calls in the journal, by stage."""
    project.write_config()
    done = project.command("plan", "config.yaml", "--json", **env)
    assert done.code == 0, done.err
    return [(one["name"], one["calls"], one["in_journal"]) for one in json.loads(done.out)["stages"]]


def test_prompts_become_judged_pairs_and_every_response_says_where_it_is_from(
    project: Project, start_standin: Callable[..., StandIn]
) -> None:
    open_to_all, locked = start_standin(), start_standin("--key", "s3cret-of-llama")
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    project.config["responses"] = {
        "per_prompt": 3,
        "models": [
            responder(open_to_all, "qwen", temperature=[0.2, 0.9], system="Be brief."),
            responder(locked, "llama", api_key_env="LLAMA_KEY", prices={"input": 10, "output": 20}),
            responder(open_to_all, "org/stand-in", weight=1e-9),
        ],
    }
    project.config["pairs"] = {"strategy": "different_models"}
    given = [{"model": "human", "text": "A [good] answer."}, "I can't help with that.", "a  [GOOD] answer."]
    project.write_rows(
        [
            {"id": "plain", "prompt": "What is it?"},
            {"id": "marks", "prompt": "[[qwen cut]] [[llama refuses]] [[org/stand-in: <think>Hm.</think>]]"},
            {"id": "none", "prompt": "[[qwen: ]] [[llama: ]] [[org/stand-in: ]]"},
            {"id": "own", "reference": "Because.", "responses": given}
            | {"prompt": [{"role": "system", "content": "Rhyme."}, {"role": "user", "content": "Why?"}]},
            {"id": "labelled", "prompt": "q", "response_a": "x [good]", "response_b": "y", "human_label": "a"},
        ]
    )
    responding = [("responding, llama", 4, 0), ("responding, org/stand-in", 3, 0), ("responding, qwen", 4, 0)]
    foretold = left_to_ask(project, LLAMA_KEY="s3cret-of-llama")
    assert sorted(foretold[:-2]) == responding
    assert foretold[-2:] == [("judging, pairwise", 10, 0), ("judging, pointwise", 10, 0)]

    done = project.run(LLAMA_KEY="s3cret-of-llama")

    assert done.code == 0, done.err
    assert "responding: 100%" in done.err
    assert "warning: org/stand-in wrote responses and is the teacher" in done.err
    assert set(marks(project, "plain").values()) == {""}
    assert marks(project, "marks") == {"qwen": "truncated", "llama": "refused", "org/stand-in": "empty"}
    assert set(marks(project, "none").values()) == {"empty"}
    own = by_prompt(project, "own")
    assert [(row["origin"], row["model"], row["mark"]) for row in own[:3]] == [
        ("given", "human", ""),
        ("given", "", "refused"),
        ("given", "", "duplicate"),
    ]
    assert sorted(row["model"] for row in own[3:]) == ["llama", "qwen"]
    (qwen,) = [row for row in own if row["model"] == "qwen"]
    assert qwen["text"] == f"qwen at {qwen['temperature']} under ['Be brief.\\n\\nRhyme.']: Why?"

    pairs = {row["id"]: row for row in table(project.run_folder / "pairs.parquet")}
    assert {name.split("/")[0] for name in pairs} == {"plain", "marks", "own", "labelled"}
    assert all(row["model_a"] != row["model_b"] for name, row in pairs.items() if name != "labelled")
    (last_resort,) = [row for name, row in pairs.items() if name.startswith("marks/")]
    assert {last_resort["model_a"], last_resort["model_b"]} == {"qwen", "llama"}
    orders = Counter(row["order"] for row in table(project.run_folder / "judgments.parquet") if row["order"])
    assert orders == {"ab": 4, "ba": 4}
    (aside,) = [row for row in table(project.run_folder / "dropped.parquet") if row["filter"] == "input"]
    assert (aside["id"], aside["reason"]) == ("none", "too few responses")
    assert aside["detail"] == "of 3 responses: 3 empty"

    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == 5
    assert manifest["counts"]["judged"] == 4
    assert manifest["responses"]["judged_by_their_author"] == ["org/stand-in"]
    assert manifest["responses"]["asked"] == {"llama": 4, "org/stand-in": 3, "qwen": 4}
    assert manifest["responses"]["given"] == 3
    tokens, of_llama = project_tokens(project), locked.tokens()
    spent = (tokens["input"] + tokens["output"] + 10 * of_llama["input"] + 20 * of_llama["output"]) / 1e6
    assert manifest["usage"]["cost_usd"] == pytest.approx(spent, abs=1e-6)
    files = [path for path in project.run_folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"s3cret" in path.read_bytes()]
    assert "wrote responses" in (project.run_folder / "README.md").read_text()


def project_tokens(project: Project) -> dict[str, int]:
    return StandIn(project.config["teacher"]["base_url"].removesuffix("/v1")).tokens()


def test_a_run_killed_while_models_answer_goes_on_and_pays_for_nothing_twice(
    project: Project, start_standin: Callable[..., StandIn]
) -> None:
    slow = start_standin("--wait", "0.2")
    project.config["responses"] = {
        "per_prompt": 2,
        "models": [responder(slow, "qwen", slots=2), responder(slow, "llama", slots=2)],
    }
    project.write_rows([{"id": str(n), "prompt": f"Question {n}"} for n in range(12)])
    before = project.kill_a_run_once_paid(slow, 5)
    slow.control(wait=0)
    assert 0 < len(before) < 24
    done = project.run()
    assert done.code == 0, done.err
    keys = [call["key"] for call in journal(project.run_folder / "calls")]
    assert len(set(keys)) == len(keys) == 24 + 12 * 4
    assert before <= set(keys)
    assert slow.count()["paid"] <= 24 + 4, "only what was in flight at the kill was asked for again"

    first = {name: (project.run_folder / name).read_bytes() for name in ("responses.parquet", "pairs.parquet")}
    project.config["name"] = "undisturbed"
    assert project.run().code == 0
    assert {name: (project.run_folder / name).read_bytes() for name in first} == first


def test_one_budget_is_over_the_answers_and_the_judgments(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 2}
    project.config["responses"] = {
        "models": [
            responder(standin, "dear", prices={"input": 1000, "output": 1000}, max_tokens=16),
            responder(standin, "cheap", prices={"input": 0.1, "output": 0.1}),
        ]
    }
    project.write_rows([{"id": str(n), "prompt": f"Question {n}"} for n in range(6)])
    project.config["budget_usd"] = 0.12
    done = project.run()
    assert done.code == 1
    assert "calls for responses are missing; budget_usd 0.12 is reached" in done.err
    paid = asked_of(project)
    assert 0 < paid["dear"] < 6
    assert paid["stand-in"] == 0

    project.config["budget_usd"] = 5
    done = project.run()
    assert done.code == 0, done.err
    assert asked_of(project) == {"dear": 6, "cheap": 6, "stand-in": 24}
    made = json.loads((project.run_folder / "manifest.json").read_text())["usage"]
    project.write_config()
    plan = json.loads(project.command("plan", "config.yaml", "--json").out)
    assert plan["spent_usd"] == pytest.approx(made["cost_usd"])


def test_every_pair_of_a_prompt_is_judged_and_makes_a_ranking_with_its_cycles(
    project: Project, standin: StandIn
) -> None:
    project.config["judging"] = {"protocols": ["pairwise"]}
    project.config["filters"] = ["intransitive"]
    project.config["pairs"] = {"strategy": "every"}
    project.write_rows(
        [
            {"id": "clear", "prompt": "one", "responses": ["bad", "very [good]", "bad too"]},
            {"id": "round", "prompt": "two", "responses": ["[rock]", "[paper]", "[scissors]"]},
        ]
    )
    done = project.run()
    assert done.code == 0, done.err
    assert "responses of 2 prompts ranked, 1 with verdicts in a circle" in done.out
    rows = table(project.run_folder / "ranking.parquet")
    clear = {row["text"]: row for row in rows if row["prompt_id"] == "clear"}
    assert {text: row["rank"] for text, row in clear.items()} == {"very [good]": 1, "bad": 2, "bad too": 2}
    assert [clear["bad"][name] for name in ("wins", "losses", "ties", "cycles")] == [0, 1, 1, []]
    assert clear["very [good]"]["strength"] > 0 > clear["bad"]["strength"]
    (cycles,) = {tuple(row["cycles"]) for row in rows if row["prompt_id"] == "round"}
    assert cycles == ("1>3>2>1",)
    assert {row["id"] for row in table(project.run_folder / "kept.parquet")} == {"clear/1-2", "clear/1-3", "clear/2-3"}
    dropped = table(project.run_folder / "dropped.parquet")
    assert {(row["filter"], row["reason"], row["id"].split("/")[0]) for row in dropped} == {
        ("intransitive", "cycle", "round")
    }
    assert asked_of(project) == {"stand-in": 12}


def test_spread_grades_first_and_takes_pairs_of_the_kinds_that_are_wanted(
    project: Project, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.config["pairs"] = {"strategy": "spread", "shares": {"hard": 0, "easy": 3, "tied": 1}}
    answers = ["one [good]", "two [good]", "three"]
    project.write_rows([{"id": str(n), "prompt": f"Question {n}", "responses": answers} for n in range(8)])
    before = left_to_ask(project)
    assert before == [("grading", 24, 0), ("judging, pairwise", 16, 0), ("judging, pointwise", 0, 0)]

    assert project.run("--limit", "4").code == 0
    early = table(project.run_folder / "pairs.parquet")
    done = project.run()

    assert done.code == 0, done.err
    assert "8 pairs by spread (6 easy, 2 tied)" in done.out
    pairs = table(project.run_folder / "pairs.parquet")
    assert pairs[:4] == early, "a run of the first few takes the pairs that a run of all of them takes"
    tied = [row for row in pairs if "[good]" in row["response_a"] and "[good]" in row["response_b"]]
    assert len(tied) == 2
    assert standin.count()["paid"] == 24 + 16, "the grades are those of the judging, and paid once"
    assert [calls for _, calls, _ in left_to_ask(project)] == [0, 0, 0]
    monkeypatch.chdir(project.path)
    foretold = {one.key for _, one in planned(prepare(project.write_config(), {}), Intake(), NOTHING_KNOWN)}
    assert len(foretold) == 40
    paid = Journal(project.run_folder / "calls")
    assert sum(paid.has(key) for key in foretold) >= 24
    assert not (project.run_folder / ".grading").exists()


def test_a_preview_answers_a_few_prompts_and_the_run_pays_for_none_of_it_again(
    project: Project, standin: StandIn
) -> None:
    project.config["responses"] = {"models": [responder(standin, "qwen"), responder(standin, "llama")]}
    project.write_rows([{"id": str(n), "prompt": f"Question {n}"} for n in range(6)])
    project.write_config()
    done = project.command("preview", "config.yaml", "-n", "2")
    assert done.code == 0, done.err
    assert "2 pairs of 6 prompts, of 1 scenario" in done.out
    assert "Pairs: 6, of 6 prompts." in done.out
    assert standin.count()["paid"] == 2 * (2 + 4)
    assert {path.name for path in project.run_folder.iterdir()} <= {".lock", "calls"}

    done = project.run()
    assert done.code == 0, done.err
    assert standin.count()["paid"] == 6 * (2 + 4)


def test_a_second_teacher_and_a_next_version_work_on_pairs_of_prompts(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    project.config["rescue"] = {"teacher": {"model": "strong", "prices": {"input": 100, "output": 100}}}
    project.config["budget_usd"] = 10
    project.config["filters"] = "minimal"
    answers = ["one [good]", "two"]
    project.config["responses"] = {"per_prompt": 3, "models": [responder(standin, "qwen")]}
    project.config["pairs"] = {"strategy": "every"}
    rows = [{"id": "plain", "prompt": "Why?"}, {"id": "flips", "prompt": "[flip] How?"}]
    project.write_rows([row | {"responses": answers} for row in rows])
    foretold = left_to_ask(project)
    assert ("responding, qwen", 2, 0) in foretold

    done = project.run()

    assert done.code == 0, done.err
    assert "Rescue by strong: 3 pairs asked again, 3 rescued" in done.out
    flips = [row for row in table(project.run_folder / "ranking.parquet") if row["prompt_id"] == "flips"]
    assert (flips[0]["text"], flips[0]["rank"]) == ("one [good]", 1), "verdicts are those that decided"
    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    assert set(asked_of(project)) == {"qwen", "stand-in", "strong"}
    dear = [call["reply"] for call in journal(project.run_folder / "calls") if call["request"]["model"] == "strong"]
    tokens = sum(reply["input_tokens"] + reply["output_tokens"] for reply in dear)
    assert manifest["rescue"]["usage"]["cost_usd"] == pytest.approx(100 * tokens / 1e6)
    assert manifest["usage"]["cost_usd"] > manifest["rescue"]["usage"]["cost_usd"]
    paid = standin.count()["paid"]

    project.config |= {"name": "next", "previous": str(project.run_folder)}
    rows.append({"id": "new", "prompt": "q"})
    project.write_rows([row | {"responses": answers} for row in rows])
    assert [calls for name, calls, _ in left_to_ask(project) if name == "responding, qwen"] == [1]
    done = project.run()
    assert done.code == 0, done.err
    of_new = 1 + 3 * 2 + 3  # an answer, both orders of its three pairs, the grades of its three responses
    assert standin.count()["paid"] == paid + of_new
