"""Judgments of a file become a run, and a run is filtered again: the real commands, and never a call."""

import json
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synth.cli.recorded import Scale, import_judgments
from synth.domain import SCALES
from synth.parsing.formats import REPLY_FORMATS
from tests.conftest import Project, StandIn
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_run import by_id, row, table

pytestmark = pytest.mark.e2e

BECAUSE = "it gives the name of the capital and the other one does not"


def judged(number: int, *judgments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": f"pair-{number}",
        "prompt": f"What is the capital of country number {number}?",
        "response_a": f"Its name is Upper Town {number}.",
        "response_b": f"Country number {number} has no such thing.",
        "judgments": list(judgments),
        **more,
    }


def compared(order: str, teacher: str = "mt", **said: Any) -> dict[str, Any]:
    return {"teacher": teacher, "protocol": "pairwise", "order": order, **said}


def graded(response: str, score: float | None, teacher: str = "mt", **said: Any) -> dict[str, Any]:
    return {"teacher": teacher, "protocol": "pointwise", "response": response, "score": score, **said}


def both_orders(first_reply: str, second_reply: str) -> list[dict[str, Any]]:
    return [compared("ab", reply=first_reply), compared("ba", reply=second_reply)]


GRADES = [graded("a", 8), graded("b", 3)]


def files(folder: Path) -> dict[str, bytes]:
    every = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in every}


@pytest.fixture
def imported(project: Project) -> Project:
    """Recorded replies as MT-Bench's judge writes them; the run is outputs/rows."""
    says_a, says_b = f"I choose so because {BECAUSE}. [[A]]", f"I choose so because {BECAUSE}. [[B]]"
    project.config["name"] = "rows"
    project.write_rows(
        [
            judged(1, *both_orders(says_a, says_b), *GRADES, human_label="a", scenario="open_question"),
            judged(2, *both_orders(says_a, says_a), *GRADES, human_label="b"),
            judged(3, *both_orders(says_a, f"{says_a} {says_b}"), *GRADES),
            judged(4, *both_orders(says_b, says_a), *GRADES),
            judged(5, compared("ab", reply=says_a), *GRADES),
            judged(6, *both_orders(says_a, says_b), *GRADES, response_b="Its name is Upper Town 6."),
        ]
    )
    done = project.command("import", "rows.jsonl", "--reply-format", "mt-bench")
    assert done.code == 0, done.err
    return project


def test_recorded_judgments_become_a_run_that_every_filter_works_on(imported: Project, standin: StandIn) -> None:
    folder = imported.run_folder
    kept, dropped = by_id(table(folder / "kept.parquet")), by_id(table(folder / "dropped.parquet"))
    assert {name: one["verdict"] for name, one in kept.items()} == {"pair-1": "a"}
    assert {name: (one["filter"], one["reason"]) for name, one in dropped.items()} == {
        "pair-2": ("order_unstable", "verdict flips"),
        "pair-3": ("malformed", "unreadable"),
        "pair-4": ("protocols_disagree", "grades prefer the other"),
        "pair-5": ("malformed", "not judged"),
        "pair-6": ("input", "identical responses"),
    }
    assert kept["pair-1"]["scenario"] == "open_question"
    assert kept["pair-1"]["human_label"] == "a"
    judgments = table(folder / "judgments.parquet")
    assert len(judgments) == 5 * 4
    assert {one["teacher"] for one in judgments} == {"mt", ""}
    assert judgments[0]["reply"].endswith("[[A]]")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["imported"] == {"file": "rows.jsonl", "reply_format": "mt-bench", "teachers": [], "votes": None}
    assert manifest["teacher"]["model"] == "mt"
    assert "imported from `rows.jsonl`" in (folder / "README.md").read_text()
    assert (folder / "dataset" / "pairs").is_dir()
    assert not (folder / ".work").exists()
    assert standin.count()["paid"] == 0


def test_filtering_again_by_the_same_settings_writes_the_same_bytes(imported: Project) -> None:
    before = files(imported.run_folder)
    done = imported.command("filter", "outputs/rows")
    assert done.code == 0, done.err
    assert "no call made" in done.out
    assert files(imported.run_folder) == before


def test_filtering_again_with_other_settings_and_back_is_a_round_trip(imported: Project) -> None:
    before = files(imported.run_folder)
    assert imported.command("filter", "outputs/rows", "--filters", "minimal").code == 0
    assert set(by_id(table(imported.run_folder / "kept.parquet"))) == {"pair-1", "pair-4"}
    counts = json.loads((imported.run_folder / "manifest.json").read_text())["counts"]
    assert (counts["rows"], counts["kept"], counts["set_aside"]) == (6, 2, {"identical responses": 1})
    assert imported.command("filter", "outputs/rows", "--filters", "default").code == 0
    assert files(imported.run_folder) == before


def test_filters_of_a_file_may_name_classes_that_stand_beside_it(imported: Project) -> None:
    mine = imported.path / "mine"
    mine.mkdir()
    (mine / "own.py").write_text(
        "from filters import Drop\n\n\nclass NoA:\n    name = 'no_a'\n\n"
        "    def __call__(self, judged):\n        return Drop('says a', '') if judged.verdict == 'a' else None\n"
    )
    (mine / "only.yaml").write_text("filters: [order_unstable, 'own:NoA']\n")
    done = imported.command("filter", "outputs/rows", "--config", "mine/only.yaml")
    assert done.code == 0, done.err
    assert set(by_id(table(imported.run_folder / "kept.parquet"))) == {"pair-4"}
    (mine / "wrong.yaml").write_text("filters: default\nfiltres: default\n")
    wrong = imported.command("filter", "outputs/rows", "--config", "mine/wrong.yaml")
    assert_one_line(wrong, 2, "mine/wrong.yaml:2", "did you mean 'filters'?")


def test_a_run_of_a_teacher_is_filtered_again_without_a_call(project: Project, standin: StandIn) -> None:
    project.config["outputs"] = {"splits": {"train": 0.5, "test": 0.5}}
    project.config["data"] |= {"limit": 6}
    project.write_rows([*(row(number) for number in range(6)), row(7), row(8, response_a="x", response_b="x")])
    assert project.run().code == 0
    before, paid = files(project.run_folder), standin.count()["paid"]
    done = project.command("filter", "outputs/test")
    assert done.code == 0, done.err
    assert files(project.run_folder) == before
    assert standin.count()["paid"] == paid


def test_replies_of_our_own_are_read_as_a_run_reads_them(project: Project) -> None:
    project.write_rows([row(number) for number in range(3)])
    assert project.run().code == 0
    pairs, judgments = table(project.run_folder / "pairs.parquet"), table(project.run_folder / "judgments.parquet")
    keys = ("teacher", "protocol", "order", "response", "reply")
    recorded = [
        {key: pair[key] for key in ("id", "prompt", "response_a", "response_b", "scenario")}
        | {
            "judgments": [
                {key: one[key] for key in keys if one[key]} for one in judgments if one["pair_id"] == pair["id"]
            ]
        }
        for pair in pairs
    ]
    project.write_rows(recorded)
    done = project.command("import", "rows.jsonl", "--reply-format", "json", "--name", "again", "--folder", "other")
    assert done.code == 0, done.err
    again = project.path / "other" / "again"
    for name in ("pairs.parquet", "judgments.parquet", "kept.parquet"):
        found, wanted = ([one | {"asked": ""} for one in table(at / name)] for at in (again, project.run_folder))
        assert str(found) == str(wanted), name  # NaN is not NaN; what was asked the file does not say


def test_several_teachers_are_chosen_among_or_counted_as_votes(project: Project) -> None:
    def says(teacher: str, verdict: str) -> list[dict[str, Any]]:
        return [compared(order, teacher, verdict=verdict) for order in ("ab", "ba")]

    project.write_rows([judged(1, *says("x", "b"), *says("y", "a"), *says("z", "a"))])
    refused = project.command("import", "rows.jsonl")
    assert_one_line(refused, 2, "rows.jsonl:1: pairwise ab was judged 3 times, by 'x', 'y', 'z'", "--teacher")
    verdicts = {}
    for name, options in {
        "chosen": ["--teacher", "x"],
        "most": ["--votes", "majority"],
        "all": ["--votes", "unanimous"],
        "two": ["--votes", "unanimous", "--teacher", "y", "--teacher", "z"],
    }.items():
        done = project.command("import", "rows.jsonl", "--name", name, *options)
        assert done.code == 0, done.err
        verdicts[name] = [one["verdict"] for one in table(project.path / "outputs" / name / "kept.parquet")]
    assert verdicts == {"chosen": ["b"], "most": ["a"], "all": [], "two": ["a"]}
    (dropped,) = table(project.path / "outputs" / "all" / "dropped.parquet")
    assert (dropped["reason"], dropped["detail"]) == (
        "not unanimous",
        "pairwise ab: of 3 votes 2 for a, 1 for b",
    )
    unknown = project.command("import", "rows.jsonl", "--name", "unknown", "--teacher", "w")
    assert_one_line(unknown, 2, "rows.jsonl: no judgment by 'w'", "x, y, z")


def test_parquet_holds_judgments_too(project: Project) -> None:
    both = [compared(order, reply=f"[[{'AB'[order == 'ba']}]]") for order in ("ab", "ba")]
    pq.write_table(pa.Table.from_pylist([judged(1, *both, *GRADES)]), project.path / "rows.parquet")
    done = project.command("import", "rows.parquet", "--reply-format", "mt-bench", "--filters", "strict")
    assert done.code == 0, done.err
    assert [one["verdict"] for one in table(project.path / "outputs/rows/kept.parquet")] == ["a"]


GOOD = json.dumps(judged(1, compared("ab", verdict="a"), compared("ba", verdict="a"))) + "\n"
BAD: dict[str, tuple[str, list[str], tuple[str, ...]]] = {
    "unknown key": (json.dumps(judged(1, gold="a")), [], ("rows.jsonl:1: unknown key 'gold'", "human_label")),
    "no judgments": (json.dumps({"prompt": "x", "response_a": "y", "response_b": "z"}), [], ("judgments is missing",)),
    "no prompt": (json.dumps({"response_a": "y", "response_b": "z", "judgments": []}), [], ("prompt is missing",)),
    "bad judgment": (
        GOOD + json.dumps(judged(2, compared("ab", verdict="A"))),
        [],
        ("rows.jsonl:2: judgments[0]: verdict: found 'A'", "--bad-rows skip"),
    ),
    "judgments are no list": (json.dumps(judged(1) | {"judgments": {}}), [], ("judgments must be a list",)),
    "not JSON": (GOOD + "{oops", [], ("rows.jsonl:2: not JSON",)),
    "no format": (json.dumps(judged(1, compared("ab", reply="[[A]]"))), [], ("--reply-format",)),
    "unknown format": (GOOD, ["--reply-format", "mtbench"], ("did you mean 'mt-bench'?",)),
    "unknown preset": (GOOD, ["--filters", "defualt"], ("did you mean 'default'?",)),
    "unknown scenario": (json.dumps(judged(1, scenario="poem")), [], ("rows.jsonl:1", "unknown scenario 'poem'")),
    "bad name": (GOOD, ["--name", "../x"], ("'../x' cannot be a run's name",)),
    "nothing judged": (json.dumps(judged(1)), [], ("no row holds a judgment",)),
    "two equal ids": (GOOD + GOOD, [], ("rows.jsonl:2", "'pair-1'", "rows.jsonl:1")),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_imported_is_said_in_one_line_and_leaves_nothing(project: Project, name: str) -> None:
    text, options, words = BAD[name]
    (project.path / "rows.jsonl").write_text(text)
    assert_one_line(project.command("import", "rows.jsonl", *options), 2, *words)
    outputs = project.path / "outputs"
    assert not outputs.exists() or not list(outputs.iterdir())


def test_bad_rows_are_set_aside_where_the_user_allows_it(project: Project) -> None:
    (project.path / "rows.jsonl").write_text(GOOD + json.dumps(judged(2, compared("ab", verdict="A"))) + "\n{oops\n")
    done = project.command("import", "rows.jsonl", "--bad-rows", "skip")
    assert done.code == 0, done.err
    dropped = table(project.path / "outputs/rows/dropped.parquet")
    assert [one["reason"] for one in dropped] == ["unreadable row", "unreadable row"]
    assert "rows.jsonl:2: judgments[0]: verdict" in dropped[0]["detail"]


def test_what_was_paid_for_is_not_written_over_and_an_import_is_no_config_to_run(
    project: Project, standin: StandIn
) -> None:
    project.config["name"] = "rows"
    project.write_rows([row(1)])
    assert project.run().code == 0
    paid = standin.count()["paid"]
    project.write_rows([json.loads(GOOD)])
    assert_one_line(project.command("import", "rows.jsonl"), 2, "outputs/rows: holds another run", "--name")
    for _ in range(2):
        assert project.command("import", "rows.jsonl", "--name", "mine").code == 0, "the same file once more"
    assert_one_line(project.command("run", "outputs/mine/config.yaml"), 2, "is the record of an import")
    assert standin.count()["paid"] == paid


def test_what_is_no_finished_run_is_not_filtered(project: Project) -> None:
    assert_one_line(project.command("filter", "nowhere"), 2, "nowhere: holds no finished run")
    (project.path / "rows.jsonl").write_text(GOOD)
    assert project.command("import", "rows.jsonl").code == 0
    both = project.command("filter", "outputs/rows", "--filters", "minimal", "--config", "x.yaml")
    assert_one_line(both, 2, "give one of them")
    assert_one_line(project.command("filter", "outputs/rows", "--filters", "mini"), 2, "'minimal'")


def test_the_command_names_every_scale_and_every_reply_format() -> None:
    assert [one.value for one in Scale] == [one.name for one in SCALES]
    help_text = get_type_hints(import_judgments, include_extras=True)["reply_format"].__metadata__[0].help
    assert all(one.name in help_text for one in REPLY_FORMATS)
