"""Versions as they are read from run folders: imported ones, so that no call is made."""

import json
from pathlib import Path
from typing import Any

from synth.cli.diff_text import text
from synth.diff import Kind, compare
from synth.run.previous import find
from synth.run.recorded.importing import import_judgments
from synth.run.versions import version

BECAUSE = "it names the capital, which the other one does not do at all"


def judged(number: int, ab: str, ba: str, *, swapped: bool = False) -> dict[str, Any]:
    one, two = f"Its name is Upper Town {number}.", f"Country number {number} has no such thing."
    judgments = [
        {"teacher": "t", "protocol": "pairwise", "order": order, "verdict": verdict, "critique": f"So, as {BECAUSE}."}
        for order, verdict in (("ab", ab), ("ba", ba))
    ]
    return {
        "id": f"pair-{number}",
        "prompt": f"What is the capital of country number {number}?",
        "response_a": two if swapped else one,
        "response_b": one if swapped else two,
        "judgments": judgments,
    }


def run(folder: Path, name: str, rows: list[dict[str, Any]], preset: str = "minimal") -> str:
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    import_judgments(file, folder=folder, preset=preset)
    return str(folder / name)


def test_two_runs_are_compared_row_by_row(tmp_path: Path) -> None:
    old = run(tmp_path, "old", [judged(number, "a", "a") for number in range(5)])
    new = run(
        tmp_path,
        "new",
        [
            judged(0, "a", "a"),
            judged(1, "b", "b"),
            judged(2, "a", "b"),
            judged(3, "b", "b", swapped=True),
            {**judged(9, "tie", "tie"), "response_a": "Same here", "response_b": "Same here"},
            judged(10, "tie", "tie"),
        ],
    )
    found = compare(version(find(old)), version(find(new)))

    assert {str(one.kind): (one.match.new or one.match.old).id for one in found.changes if one.match} == {  # type: ignore[union-attr]
        "verdict flipped": "pair-1",
        "dropped now": "pair-2",
        "added": "pair-10",
        "gone": "pair-4",
    }
    assert found.count(Kind.FLIPPED) == {"another reply to the same question": 1}
    assert (found.new.judged, found.new.kept) == (5, 4), "rows that were set aside are not judged"
    said = text(found, 3)
    assert "kept in both, verdict flipped       1  1 another reply to the same question" in said
    assert "new     no verdict, dropped by order_unstable: verdict flips" in said
    assert "What is the capital of country number 1?" in said
    assert "old     verdict a\n  new     verdict b" in said
    assert "What is the capital" not in text(found, 0)


def test_filters_that_differ_are_the_cause_where_replies_do_not(tmp_path: Path) -> None:
    rows = [judged(number, "a", "a") for number in range(2)]
    for row in rows:
        for one in row["judgments"]:
            one["critique"] = "So."
    loose, strict = run(tmp_path, "loose", rows), run(tmp_path, "strict", rows, "default")
    found = compare(version(find(loose)), version(find(strict)))
    assert found.count(Kind.DROPPED) == {"filter settings": 2}


def test_a_later_run_in_the_folder_that_was_not_finished_does_no_harm(tmp_path: Path) -> None:
    """Its pairs.parquet is there, and kept.parquet is still that of the earlier one."""
    few = run(tmp_path, "few", [judged(number, "a", "a") for number in range(2)])
    more = run(tmp_path, "more", [judged(number, "a", "a") for number in range(4)])
    Path(more, "pairs.parquet").replace(Path(few, "pairs.parquet"))
    assert len(version(find(few)).rows) == 2
