import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, PointwiseJudgment, Side, Verdict
from synth.exports import FORMATS, Setting, Student, format_named, split
from synth.exports.augment import Augment
from synth.exports.formats import GRADED_BEFORE, Format, LeftOut, Made, Row
from synth.exports.formats.base import TEXT
from synth.exports.write import write
from synth.scenario import load
from tests.strategies import judged_pairs

OURS = [format_named("pairs")]
SETTING = Setting(load())
SPLITS = {"train": 0.6, "test": 0.4}
PAIRS = [Pair(f"p{number}", (Message("user", f"q{number // 2}"),), "one", "two", "others") for number in range(20)]
JUDGED = [JudgedPair(pair, tuple(PairwiseJudgment(order, Verdict.B, 1, 2) for order in Order)) for pair in PAIRS]
SWAP = Augment("other_order")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_every_pair_is_written_once_into_the_split_of_its_prompt(tmp_path: Path) -> None:
    counts = write(tmp_path, OURS, JUDGED, SPLITS, SETTING).rows
    found = {name: rows(tmp_path / "pairs" / f"{name}.jsonl") for name in SPLITS}
    assert counts == {"pairs": {name: len(inside) for name, inside in found.items()}}
    by = split(JUDGED, SPLITS, 0)
    expected = {name: [one.pair.id for one in JUDGED if by.of(one) == name] for name in SPLITS}
    assert {name: [row["id"] for row in inside] for name, inside in found.items()} == expected


def test_pairs_of_one_prompt_stay_together(tmp_path: Path) -> None:
    write(tmp_path, OURS, JUDGED, SPLITS, SETTING)
    prompts = [{row["prompt"][0]["content"] for row in rows(tmp_path / "pairs" / f"{name}.jsonl")} for name in SPLITS]
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


def test_copies_follow_their_pair_in_train_and_nowhere_else(tmp_path: Path) -> None:
    done = write(tmp_path, OURS, JUDGED, SPLITS, SETTING, augment=SWAP)
    train, test = (rows(tmp_path / "pairs" / f"{name}.jsonl") for name in SPLITS)
    of_train = [row["id"] for row in train[::2]]
    assert [row["id"] for row in train[1::2]] == [f"{one}~swap" for one in of_train]
    assert {(row["response_a"], row["verdict"]) for row in train} == {("one", "b"), ("two", "a")}
    assert not any("~" in row["id"] for row in test)
    assert done.record()["augmented"] == {"swap": {"pairs": len(of_train), "dropped": {}}}
    assert done.said() == (f"copies ~swap: {len(of_train)} made",)


def test_copies_that_were_dropped_are_counted_with_the_reason(tmp_path: Path) -> None:
    vague = [replace(one, judgments=(replace(one.judgments[0], comparison="A is better."),)) for one in JUDGED]  # type: ignore[call-arg]
    done = write(tmp_path, OURS, vague, {"train": 1.0}, SETTING, augment=SWAP)
    assert done.rows == {"pairs": {"train": 20}}
    assert done.augmented == {"swap": {"pairs": 0, "dropped": {"a bare letter": 20}}}
    assert done.said() == ("copies ~swap: 0 made; dropped 20 a bare letter",)


def test_a_copy_that_a_format_shows_as_it_shows_the_pair_has_no_row_there(tmp_path: Path) -> None:
    done = write(
        tmp_path, [*OURS, format_named("preference")], JUDGED, {"train": 1.0}, SETTING, augment=Augment("relabel")
    )
    assert done.rows == {"pairs": {"train": 40}, "preference": {"train": 20}}


def test_a_response_that_stands_in_several_pairs_is_taught_once_where_it_is_graded_alone(tmp_path: Path) -> None:
    texts, prompt = ("one", "two", "three"), (Message("user", "q"),)
    every = [
        JudgedPair(
            Pair(f"p/{low}-{high}", prompt, texts[low], texts[high], "others"),
            tuple(PointwiseJudgment(side, 4 + at, f"On {texts[at]}.") for side, at in ((Side.A, low), (Side.B, high)))
            + tuple(PairwiseJudgment(order, Verdict.B, comparison=f"{low} or {high}") for order in Order),
        )
        for low, high in ((0, 1), (0, 2), (1, 2))
    ]
    single = [name for name in (one.name for one in FORMATS) if name.endswith("single")]
    single += ["feedback-collection", "flow-judge"]
    forms = [format_named(name) for name in (*single, "chat")]
    written = write(tmp_path, forms, every, {"train": 1.0}, replace(SETTING, student=Student(wordings=3)), augment=SWAP)
    assert {name: written.rows[name]["train"] for name in single} == dict.fromkeys(single, 3)
    assert [written.left_out[name] for name in single] == [{GRADED_BEFORE: 6}] * len(single)
    assert written.rows["chat"]["train"] == 6, "three pairs, each in both orders"


def test_the_id_of_a_copy_is_not_that_of_another_pair(tmp_path: Path) -> None:
    pairs = [replace(JUDGED[0], pair=replace(PAIRS[0], id=name)) for name in ("x", "x~swap")]
    write(tmp_path, OURS, pairs, {"train": 1.0}, SETTING, augment=SWAP)
    ids = [row["id"] for row in rows(tmp_path / "pairs" / "train.jsonl")]
    assert ids == ["x", "x~swap~", "x~swap", "x~swap~swap"]


def test_a_copy_with_the_reference_has_it_where_the_student_is_shown_none_otherwise(tmp_path: Path) -> None:
    known = [replace(one, pair=replace(one.pair, reference="the answer")) for one in JUDGED]
    unseen = replace(SETTING, student=Student(reference="out"))
    write(tmp_path, [format_named("chat")], known, {"train": 1.0}, unseen, augment=Augment(reference="support"))
    shown = [row["messages"][0]["content"] for row in rows(tmp_path / "chat" / "train.jsonl")]
    assert ["the answer" in one for one in shown] == [False, True] * 20


def test_pairs_whose_prompt_is_like_a_held_out_one_are_counted(tmp_path: Path) -> None:
    held = [replace(one, pair=replace(one.pair, scenario="planning")) for one in JUDGED[:1]]
    done = write(tmp_path, OURS, [*held, *JUDGED[1:]], SPLITS, SETTING, held_out={"planning"})
    assert done.rows["pairs"]["unseen"] == 1
    assert done.near_held_out == done.record()["near_held_out"] == 1
    assert sum(done.rows["pairs"].values()) == 19
    assert [row["id"] for row in rows(tmp_path / "pairs" / "unseen.jsonl")] == ["p0"]


@settings(max_examples=25)  # files, by the dozen
@given(st.lists(judged_pairs(with_failures=False), max_size=3))
def test_what_is_written_is_read_back_line_by_line(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "lines"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    counts = write(folder, FORMATS, kept, {"train": 1.0}, SETTING).rows
    for form in FORMATS:
        written = rows(folder / form.name / "train.jsonl") if counts[form.name] else []
        made = [one.row for judged in kept for one in form.rows(judged, SETTING) if isinstance(one, Made)]
        if form.single:
            said, written = (list(map(_without_id, some)) for some in (made, written))
            made = [row for at, row in enumerate(said) if row not in said[:at]]
        assert written == made


def _without_id(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "id"}


@settings(max_examples=25)
@given(st.lists(judged_pairs(with_failures=False), min_size=1, max_size=3))
def test_the_rows_of_pairs_are_the_same_with_copies_among_them(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "among"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    before = repr(kept)
    done = write(folder, OURS, kept, {"train": 1.0}, SETTING, augment=Augment("relabel", "both"))
    assert repr(kept) == before
    written = rows(folder / "pairs" / "train.jsonl") if done.rows["pairs"] else []
    plain = [one.row for judged in kept for one in OURS[0].rows(judged, SETTING) if isinstance(one, Made)]
    assert [row for row in written if "~" not in row["id"]] == plain
    assert len({row["id"] for row in written}) == len(written)


def test_several_processes_write_the_same_bytes(tmp_path: Path) -> None:
    many = [replace(one, pair=replace(one.pair, id=f"{turn}-{one.pair.id}")) for turn in range(12) for one in JUDGED]
    forms = [format_named("pairs"), format_named("chat"), format_named("chat-single"), format_named("preference")]
    done = [write(tmp_path / str(n), forms, many, SPLITS, SETTING, augment=SWAP, workers=n) for n in (1, 2)]
    assert done[0] == done[1]
    files = [{one.relative_to(top): one.read_bytes() for one in top.rglob("*.jsonl")} for top in tmp_path.iterdir()]
    assert files[0] == files[1]
    assert files[0]
