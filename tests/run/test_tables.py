import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters import Dropped, chosen
from synth.domain import (
    Ask,
    Failure,
    JudgedPair,
    Judgment,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.rows import columns
from synth.rows.pairs import SetAside, pairs
from synth.rows.read import read
from synth.run import tables
from synth.scenario import Catalogue, Scenario
from tests.strategies import ask_of, judged_pairs
from tests.strategies import pairs as any_pairs

PAIR = Pair("p", (Message("user", "q"),), "one", "two", "others", human_label=Verdict.TIE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def judgment_rows(judged: JudgedPair) -> Iterator[dict[str, Any]]:
    """As synth/run/judging.py makes them of what the engine brings."""
    outcomes: list[tuple[Ask, Judgment | Failure]] = [(ask_of(one), one) for one in judged.judgments]
    outcomes += [(one.ask, one) for one in judged.failures]
    for ask, one in outcomes:
        row = columns.NO_JUDGMENT if isinstance(one, Failure) else columns.judgment_row(one)
        yield {
            **columns.ask_row(ask),
            **row,
            "reply": one.raw if isinstance(one, Failure) else "{}",
            "pair_id": judged.pair.id,
            "teacher": "m",
            "failure": one.reason if isinstance(one, Failure) else "",
            "failure_detail": one.detail if isinstance(one, Failure) else "",
        }


def rows(path: Path) -> list[dict[str, Any]]:
    return list(tables.read(path))


@settings(max_examples=50)
@given(st.lists(any_pairs, max_size=4))
@example([Pair("i", (Message("user", "a\x00b"),), "\u2028\ufeff", "\U0010ffff", "others", source="\r\n")])
def test_pairs_come_back_from_their_table(folder: Path, given_pairs: list[Pair]) -> None:
    path = folder / "pairs.parquet"
    assert tables.write(path, tables.PAIRS, map(tables.pair_row, given_pairs)) == len(given_pairs)
    assert [tables.pair(row) for row in tables.read(path)] == given_pairs
    assert tables.count(path) == len(given_pairs)


@settings(max_examples=50)
@given(st.lists(judged_pairs(), max_size=3, unique_by=lambda judged: judged.pair.id))
def test_pairs_with_all_that_was_said_of_them_come_back_from_two_tables(folder: Path, judged: list[JudgedPair]) -> None:
    at, of = folder / "pairs.parquet", folder / "judgments.parquet"
    tables.write(at, tables.PAIRS, (tables.pair_row(one.pair) for one in judged))
    tables.write(of, tables.JUDGMENTS, (row for one in judged for row in judgment_rows(one)))
    assert list(tables.judged_pairs(at, of)) == judged


def test_a_pair_without_judgments_is_among_the_others(tmp_path: Path) -> None:
    first, bare, last = (Pair(name, PAIR.prompt, "one", "two", "others") for name in ("first", "bare", "last"))
    judgment = PairwiseJudgment(Order.AB, Verdict.A)
    judged = [JudgedPair(first, (judgment,)), JudgedPair(bare), JudgedPair(last, (judgment,))]
    tables.write(tmp_path / "p", tables.PAIRS, (tables.pair_row(one.pair) for one in judged))
    tables.write(tmp_path / "j", tables.JUDGMENTS, (row for one in judged for row in judgment_rows(one)))
    assert list(tables.judged_pairs(tmp_path / "p", tmp_path / "j")) == judged


def test_a_large_table_is_written_in_groups_and_read_in_its_order(tmp_path: Path) -> None:
    numbers = [f"{number:05}" for number in range(20_001)]
    made = ({**tables.pair_row(PAIR), "id": number} for number in numbers)
    assert tables.write(tmp_path / "p", tables.PAIRS, made) == len(numbers)
    assert pq.ParquetFile(tmp_path / "p").num_row_groups == 3
    assert [row["id"] for row in tables.read(tmp_path / "p")] == numbers


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    assert tables.write(tmp_path / "k", tables.KEPT, []) == 0
    assert rows(tmp_path / "k") == []
    assert pq.read_schema(tmp_path / "k").equals(tables.KEPT)


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "pairs.parquet"
    tables.write(path, tables.PAIRS, [tables.pair_row(PAIR)])

    def breaks_off() -> Iterator[dict[str, Any]]:
        yield tables.pair_row(PAIR)
        raise ValueError("the input broke off")

    with pytest.raises(ValueError, match="broke off"):
        tables.write(path, tables.PAIRS, breaks_off())
    assert rows(path) == [tables.pair_row(PAIR) | {"asked": None}]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        tables.write(tmp_path / name, tables.PAIRS, [tables.pair_row(PAIR)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_kept_row_sums_up_what_was_said_of_the_pair(tmp_path: Path) -> None:
    judged = JudgedPair(
        PAIR,
        (
            PairwiseJudgment(Order.AB, Verdict.A, 9, 3),
            PairwiseJudgment(Order.BA, Verdict.A, 7, None),
            PointwiseJudgment(Side.B, 2),
        ),
    )
    tables.write(tmp_path / "k", tables.KEPT, [tables.kept_row(judged)])
    assert rows(tmp_path / "k") == [
        tables.pair_row(PAIR)
        | {
            "verdict": "a",
            "verdict_ab": "a",
            "verdict_ba": "a",
            "score_a": 8,
            "score_b": 3,
            "pointwise_a": None,
            "pointwise_b": 2,
            "rescued_by": "",
            "first_objection": "",
        }
    ]


def test_a_dropped_row_says_which_filter_and_why(tmp_path: Path) -> None:
    judged = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A), PairwiseJudgment(Order.BA, Verdict.B)))
    row = tables.dropped_row(judged, Dropped("order_unstable", "verdict flips", "why"))
    tables.write(tmp_path / "d", tables.DROPPED, [row])
    (found,) = rows(tmp_path / "d")
    assert [found[name] for name in ("filter", "reason", "detail", "raw")] == [
        "order_unstable",
        "verdict flips",
        "why",
        "",
    ]
    assert [found[name] for name in ("verdict", "verdict_ab", "verdict_ba", "score_a")] == ["", "a", "b", None]
    assert tables.pair(found) == PAIR


@settings(max_examples=50)
@given(judged_pairs())
def test_every_judged_pair_fits_one_of_the_two_tables(folder: Path, judged: JudgedPair) -> None:
    found = chosen("default").one(judged)
    objection = found if isinstance(found, Dropped) else None
    row = tables.dropped_row(judged, objection) if objection else tables.kept_row(judged)
    schema = tables.DROPPED if objection else tables.KEPT
    assert list(row) == schema.names
    tables.write(folder / "fits", schema, [row])
    (read,) = rows(folder / "fits")
    assert read == row
    assert tables.pair(read) == judged.pair


def test_a_row_that_was_set_aside_is_kept_with_its_reason(tmp_path: Path) -> None:
    unread = SetAside(1, "unreadable row", "rows:1: not JSON", raw="nope\x00")
    repeated = SetAside(2, "repeated pair", "the same pair as 'x'", PAIR)
    tables.write(tmp_path / "d", tables.DROPPED, map(tables.set_aside_row, [unread, repeated]))
    first, second = rows(tmp_path / "d")
    assert [first[name] for name in ("filter", "reason", "detail", "raw")] == [
        "input",
        "unreadable row",
        "rows:1: not JSON",
        "nope\x00",
    ]
    assert [first[name] for name in ("id", "prompt", "verdict", "score_a")] == ["", [], "", None]
    assert [second[name] for name in ("filter", "reason", "raw")] == ["input", "repeated pair", ""]
    assert tables.pair(second) == PAIR


AWKWARD = (
    rb"""{"prompt": "half \ud800", "response_a": "one", "response_b": "two"}
{"prompt": "q", "response_a": "one \udfff", "response_b": "two"}
{"prompt": "q", "response_a": 5, "response_b": "\ud83d"}
{"prompt": [{"role": "user", "content": "\udc00"}], "response_a": "one", "response_b": "two"}
{"prompt": "whole \ud83c\udf75 \u0000", "response_a": "one", "response_b": "two"}
["\ud800"]
"""
    b'{"prompt": "\xed\xa0\x80", "response_a": "one", "response_b": "two"}\n'
)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json"])
def test_whatever_the_input_holds_a_table_takes_it(tmp_path: Path, name: str) -> None:
    data = AWKWARD if name == "rows.jsonl" else b"[" + b",".join(AWKWARD.splitlines()[:6]) + b"]"
    (tmp_path / name).write_bytes(data)
    catalogue = Catalogue({"others": Scenario("others", "g", "d", ())})
    found = list(pairs(read(name, tmp_path, "train"), {}, catalogue, skip_bad_rows=True))
    good = [one for one in found if isinstance(one, Pair)]
    aside = [one for one in found if isinstance(one, SetAside)]
    assert [one.prompt[0].content for one in good] == ["whole \U0001f375 \x00"]
    tables.write(tmp_path / "p", tables.PAIRS, map(tables.pair_row, good))
    tables.write(tmp_path / "d", tables.DROPPED, map(tables.set_aside_row, aside))
    raws = [row["raw"] for row in tables.read(tmp_path / "d")]
    assert len(raws) == (6 if name == "rows.jsonl" else 5)
    assert "half \\ud800" in raws[0]


def test_scores_that_were_not_given_are_nan_on_the_way_and_none_in_the_end(tmp_path: Path) -> None:
    judged = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A),))
    (row,) = judgment_rows(judged)
    assert math.isnan(row["score_a"])
    tables.write(tmp_path / "p", tables.PAIRS, [tables.pair_row(PAIR)])
    tables.write(tmp_path / "j", tables.JUDGMENTS, [row])
    (found,) = tables.judged_pairs(tmp_path / "p", tmp_path / "j")
    assert found.comparisons[0].score_a is None


def test_a_column_of_the_wrong_type_is_an_error_and_no_table(tmp_path: Path) -> None:
    with pytest.raises(pa.ArrowException):
        tables.write(tmp_path / "p", tables.PAIRS, [tables.pair_row(PAIR) | {"id": 5}])
    assert not (tmp_path / "p").exists()


def test_judgments_are_told_apart_by_protocol_order_and_response(tmp_path: Path) -> None:
    failures = tuple(
        Failure(ask, "empty", ask.name)
        for ask in (
            Ask(Protocol.PAIRWISE, order=Order.BA),
            Ask(Protocol.POINTWISE, response=Side.A),
            Ask(Protocol.POINTWISE, response=Side.B),
        )
    )
    judged = JudgedPair(PAIR, (), failures)
    tables.write(tmp_path / "p", tables.PAIRS, [tables.pair_row(PAIR)])
    tables.write(tmp_path / "j", tables.JUDGMENTS, judgment_rows(judged))
    (found,) = tables.judged_pairs(tmp_path / "p", tmp_path / "j")
    assert all(one != other for one, other in pairwise(found.failures))
    assert found.failures == failures


@pytest.mark.parametrize(
    ("reference", "by", "source"),
    [("Red.", "", "given"), ("Red.", "majority 4 of 5", "majority 4 of 5"), ("", "", "")],
)
def test_a_pair_says_where_its_reference_is_from(reference: str, by: str, source: str) -> None:
    one = replace(PAIR, reference=reference, reference_by=by)
    row = tables.pair_row(one)
    assert row["reference_source"] == source
    assert tables.pair(row) == one


def test_a_reference_in_a_table_of_before_there_were_written_ones_was_given() -> None:
    row = tables.pair_row(replace(PAIR, reference="Red."))
    del row["reference_source"]
    assert tables.pair(row).reference_source == "given"
