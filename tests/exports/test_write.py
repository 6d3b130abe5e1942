import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Verdict
from synth.exports import FORMATS, Setting, format_named, split_of
from synth.exports.formats import Format, LeftOut, Made, Row
from synth.exports.formats.base import TEXT
from synth.exports.write import write
from synth.scenario import load
from tests.strategies import judged_pairs

OURS = [format_named("pairs")]
SETTING = Setting(load())
SPLITS = {"train": 0.6, "test": 0.4}
PAIRS = [Pair(f"p{number}", (Message("user", f"q{number // 2}"),), "one", "two", "others") for number in range(20)]
JUDGED = [JudgedPair(pair, tuple(PairwiseJudgment(order, Verdict.B, 1, 2) for order in Order)) for pair in PAIRS]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_every_pair_is_written_once_into_the_split_of_its_prompt(tmp_path: Path) -> None:
    counts = write(tmp_path, OURS, JUDGED, SPLITS, SETTING).rows
    found = {split: rows(tmp_path / "pairs" / f"{split}.jsonl") for split in SPLITS}
    assert counts == {"pairs": {split: len(inside) for split, inside in found.items()}}
    expected = {split: [one.id for one in PAIRS if split_of(one.prompt, SPLITS, 0) == split] for split in SPLITS}
    assert {split: [row["id"] for row in inside] for split, inside in found.items()} == expected


def test_pairs_of_one_prompt_stay_together(tmp_path: Path) -> None:
    write(tmp_path, OURS, JUDGED, SPLITS, SETTING)
    prompts = [{row["prompt"][0]["content"] for row in rows(tmp_path / "pairs" / f"{split}.jsonl")} for split in SPLITS]
    assert all(prompts)
    assert prompts[0] & prompts[1] == set()


def test_a_split_without_rows_has_no_file(tmp_path: Path) -> None:
    written = write(tmp_path, OURS, JUDGED[:1], {"train": 0.999999, "test": 0.000001}, SETTING)
    assert written.rows == {"pairs": {"train": 1}}
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["train.jsonl"]


def test_nothing_kept_writes_nothing(tmp_path: Path) -> None:
    nothing = {one.name: {} for one in FORMATS}
    assert write(tmp_path / "dataset", FORMATS, [], SPLITS, SETTING).record() == {
        "exported": nothing,
        "left_out": nothing,
        "converted": nothing,
    }
    assert not (tmp_path / "dataset").exists()


def test_rows_are_counted_by_where_they_went(tmp_path: Path) -> None:
    def make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
        says = judged.comparisons[0]
        yield LeftOut("not p1") if judged.pair.id != "p1" else Made({"id": "p1"}, says, "1-10 to 1-5")
        yield Made({"id": "wrong"}, says)

    def read(row: Row) -> PairwiseJudgment:
        return replace(JUDGED[0].comparisons[0], verdict=Verdict.B if row["id"] == "p1" else Verdict.TIE)

    picky = Format("picky", "only p1", pa.schema([("id", TEXT)]), make, read)
    written = write(tmp_path, [*OURS, picky, picky], JUDGED, {"train": 1.0}, SETTING)
    assert written.rows == {"pairs": {"train": 20}, "picky": {"train": 1}}
    assert written.left_out == {"pairs": {}, "picky": {"not p1": 19, "the words hold the format's own marks": 20}}
    assert written.converted == {"pairs": {}, "picky": {"1-10 to 1-5": 1}}
    assert rows(tmp_path / "picky" / "train.jsonl") == [{"id": "p1"}]


@settings(max_examples=25)  # files, by the dozen
@given(st.lists(judged_pairs(with_failures=False), max_size=3))
def test_what_is_written_is_read_back_line_by_line(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "lines"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    counts = write(folder, FORMATS, kept, {"train": 1.0}, SETTING).rows
    for form in FORMATS:
        written = rows(folder / form.name / "train.jsonl") if counts[form.name] else []
        made = [one for judged in kept for one in form.rows(judged, SETTING)]
        assert written == [one.row for one in made if isinstance(one, Made)]
