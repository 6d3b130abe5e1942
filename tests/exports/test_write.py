import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Verdict
from synth.exports import FORMATS, Format, split_of
from synth.exports.write import write
from tests.strategies import judged_pairs

SPLITS = {"train": 0.6, "test": 0.4}
PAIRS = [Pair(f"p{number}", (Message("user", f"q{number // 2}"),), "one", "two", "others") for number in range(20)]
JUDGED = [JudgedPair(pair, tuple(PairwiseJudgment(order, Verdict.B, 1, 2) for order in Order)) for pair in PAIRS]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_every_pair_is_written_once_into_the_split_of_its_prompt(tmp_path: Path) -> None:
    counts = write(tmp_path, FORMATS, JUDGED, SPLITS, seed=0)
    found = {split: rows(tmp_path / "pairs" / f"{split}.jsonl") for split in SPLITS}
    assert counts == {"pairs": {split: len(inside) for split, inside in found.items()}}
    expected = {split: [one.id for one in PAIRS if split_of(one.prompt, SPLITS, 0) == split] for split in SPLITS}
    assert {split: [row["id"] for row in inside] for split, inside in found.items()} == expected


def test_pairs_of_one_prompt_stay_together(tmp_path: Path) -> None:
    write(tmp_path, FORMATS, JUDGED, SPLITS, seed=0)
    prompts = [{row["prompt"][0]["content"] for row in rows(tmp_path / "pairs" / f"{split}.jsonl")} for split in SPLITS]
    assert all(prompts)
    assert prompts[0] & prompts[1] == set()


def test_a_split_without_rows_has_no_file(tmp_path: Path) -> None:
    assert write(tmp_path, FORMATS, JUDGED[:1], {"train": 0.999999, "test": 0.000001}, seed=0) == {
        "pairs": {"train": 1}
    }
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["train.jsonl"]


def test_nothing_kept_writes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path / "dataset", FORMATS, [], SPLITS, seed=0) == {"pairs": {}}
    assert not (tmp_path / "dataset").exists()


def test_a_format_leaves_out_what_it_cannot_hold(tmp_path: Path) -> None:
    picky = Format(
        "picky", "only p1", lambda judged: {"id": "p1"} if judged.pair.id == "p1" else None, FORMATS[0].schema
    )
    assert write(tmp_path, [*FORMATS, picky], JUDGED, {"train": 1.0}, seed=0) == {
        "pairs": {"train": 20},
        "picky": {"train": 1},
    }
    assert rows(tmp_path / "picky" / "train.jsonl") == [{"id": "p1"}]


@given(st.lists(judged_pairs(with_failures=False), max_size=3))
def test_what_is_written_is_read_back_line_by_line(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "lines"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    counts = write(folder, FORMATS, kept, {"train": 1.0}, seed=0)
    written = rows(folder / "pairs" / "train.jsonl") if counts["pairs"] else []
    assert written == [row for one in kept if (row := FORMATS[0].row(one))]
