import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Verdict
from synth.exports import FORMATS, Format, split
from synth.exports.augment import Augment
from synth.exports.write import write
from tests.strategies import judged_pairs

SPLITS = {"train": 0.6, "test": 0.4}
PAIRS = [Pair(f"p{number}", (Message("user", f"q{number // 2}"),), "one", "two", "others") for number in range(20)]
JUDGED = [JudgedPair(pair, tuple(PairwiseJudgment(order, Verdict.B, 1, 2) for order in Order)) for pair in PAIRS]
SWAP = Augment("other_order")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_every_pair_is_written_once_into_the_split_of_its_prompt(tmp_path: Path) -> None:
    counts = write(tmp_path, FORMATS, JUDGED, SPLITS, seed=0).rows
    found = {name: rows(tmp_path / "pairs" / f"{name}.jsonl") for name in SPLITS}
    assert counts == {"pairs": {name: len(inside) for name, inside in found.items()}}
    by = split(JUDGED, SPLITS, 0)
    expected = {name: [one.pair.id for one in JUDGED if by.of(one) == name] for name in SPLITS}
    assert {name: [row["id"] for row in inside] for name, inside in found.items()} == expected


def test_pairs_of_one_prompt_stay_together(tmp_path: Path) -> None:
    write(tmp_path, FORMATS, JUDGED, SPLITS, seed=0)
    prompts = [{row["prompt"][0]["content"] for row in rows(tmp_path / "pairs" / f"{name}.jsonl")} for name in SPLITS]
    assert all(prompts)
    assert prompts[0] & prompts[1] == set()


def test_a_split_without_rows_has_no_file(tmp_path: Path) -> None:
    done = write(tmp_path, FORMATS, JUDGED[:1], {"train": 0.999999, "test": 0.000001}, seed=0)
    assert done.rows == {"pairs": {"train": 1}}
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["train.jsonl"]


def test_nothing_kept_writes_nothing(tmp_path: Path) -> None:
    done = write(tmp_path / "dataset", FORMATS, [], SPLITS, seed=0)
    assert done.rows == {"pairs": {}}
    assert done.record() == {"exported": {"pairs": {}}}
    assert not (tmp_path / "dataset").exists()


def test_a_format_leaves_out_what_it_cannot_hold(tmp_path: Path) -> None:
    picky = Format("picky", "only p1", lambda judged: {"id": "p1"} if judged.pair.id == "p1" else None)
    assert write(tmp_path, [*FORMATS, picky], JUDGED, {"train": 1.0}, seed=0).rows == {
        "pairs": {"train": 20},
        "picky": {"train": 1},
    }
    assert rows(tmp_path / "picky" / "train.jsonl") == [{"id": "p1"}]


def test_copies_follow_their_pair_in_train_and_nowhere_else(tmp_path: Path) -> None:
    done = write(tmp_path, FORMATS, JUDGED, SPLITS, seed=0, augment=SWAP)
    train, test = (rows(tmp_path / "pairs" / f"{name}.jsonl") for name in SPLITS)
    of_train = [row["id"] for row in train[::2]]
    assert [row["id"] for row in train[1::2]] == [f"{one}~swap" for one in of_train]
    assert {(row["response_a"], row["verdict"]) for row in train} == {("one", "b"), ("two", "a")}
    assert not any("~" in row["id"] for row in test)
    assert done.record()["augmented"] == {"swap": {"pairs": len(of_train), "dropped": {}}}
    assert done.said() == (f"copies ~swap: {len(of_train)} made",)


def test_copies_that_were_dropped_are_counted_with_the_reason(tmp_path: Path) -> None:
    vague = [replace(one, judgments=(replace(one.judgments[0], comparison="A is better."),)) for one in JUDGED]  # type: ignore[call-arg]
    done = write(tmp_path, FORMATS, vague, {"train": 1.0}, seed=0, augment=SWAP)
    assert done.rows == {"pairs": {"train": 20}}
    assert done.augmented == {"swap": {"pairs": 0, "dropped": {"a bare letter": 20}}}
    assert done.said() == ("copies ~swap: 0 made; dropped 20 a bare letter",)


def test_a_copy_that_a_format_shows_as_it_shows_the_pair_has_no_row_there(tmp_path: Path) -> None:
    best = Format("best", "without order", lambda judged: {"id": judged.pair.id, "best": _best(judged)})
    done = write(tmp_path, [*FORMATS, best], JUDGED, {"train": 1.0}, seed=0, augment=SWAP)
    assert done.rows == {"pairs": {"train": 40}, "best": {"train": 20}}


def _best(judged: JudgedPair) -> str:
    return judged.pair.response_a if judged.verdict is Verdict.A else judged.pair.response_b


def test_the_id_of_a_copy_is_not_that_of_another_pair(tmp_path: Path) -> None:
    pairs = [replace(JUDGED[0], pair=replace(PAIRS[0], id=name)) for name in ("x", "x~swap")]
    write(tmp_path, FORMATS, pairs, {"train": 1.0}, seed=0, augment=SWAP)
    ids = [row["id"] for row in rows(tmp_path / "pairs" / "train.jsonl")]
    assert ids == ["x", "x~swap~", "x~swap", "x~swap~swap"]


def test_pairs_whose_prompt_is_like_a_held_out_one_are_counted(tmp_path: Path) -> None:
    held = [replace(one, pair=replace(one.pair, scenario="exam")) for one in JUDGED[:1]]
    done = write(tmp_path, FORMATS, [*held, *JUDGED[1:]], SPLITS, seed=0, held_out={"exam"})
    assert done.rows["pairs"]["unseen"] == 1
    assert done.near_held_out == done.record()["near_held_out"] == 1
    assert sum(done.rows["pairs"].values()) == 19
    assert [row["id"] for row in rows(tmp_path / "pairs" / "unseen.jsonl")] == ["p0"]


@given(st.lists(judged_pairs(with_failures=False), max_size=3))
def test_what_is_written_is_read_back_line_by_line(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "lines"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    counts = write(folder, FORMATS, kept, {"train": 1.0}, seed=0).rows
    written = rows(folder / "pairs" / "train.jsonl") if counts["pairs"] else []
    assert written == [row for one in kept if (row := FORMATS[0].row(one))]


@given(st.lists(judged_pairs(with_failures=False), min_size=1, max_size=3))
def test_the_rows_of_pairs_are_the_same_with_copies_among_them(tmp_path_factory: Any, judged: list[JudgedPair]) -> None:
    folder = tmp_path_factory.getbasetemp() / "among"
    kept = [replace(one, pair=replace(one.pair, id=str(number))) for number, one in enumerate(judged)]
    before = repr(kept)
    done = write(folder, FORMATS, kept, {"train": 1.0}, seed=0, augment=Augment("relabel", "both"))
    assert repr(kept) == before
    written = rows(folder / "pairs" / "train.jsonl") if done.rows["pairs"] else []
    assert [row for row in written if "~" not in row["id"]] == [row for one in kept if (row := FORMATS[0].row(one))]
    assert len({row["id"] for row in written}) == len(written)
