"""The one door to parquet: the tables of a run folder, their columns and types, and the way to and from values.

Rows are in the order of the input, and hold nothing of when or how fast they came, so that a resumed run writes the
same bytes as an undisturbed one.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from filters import Dropped
from synth.domain import Failure, Given, JudgedPair, Judgment, Message, Pair, PromptRow, Side, Verdict
from synth.rows import columns
from synth.rows.pairs import SetAside
from synth.run.parts import parted

_TEXT = pa.string()
_PROMPT = pa.list_(pa.struct([("role", _TEXT), ("content", _TEXT)]))
_PAIR = [
    ("id", _TEXT),
    ("scenario", _TEXT),
    ("prompt", _PROMPT),
    ("response_a", _TEXT),
    ("response_b", _TEXT),
    ("reference", _TEXT),
    ("model_a", _TEXT),
    ("model_b", _TEXT),
    ("human_label", _TEXT),
    ("source", _TEXT),
    ("human_labels", pa.list_(_TEXT)),
    ("personal_data", pa.list_(_TEXT)),
    ("target_a", pa.float64()),
    ("target_b", pa.float64()),
    ("planted", _TEXT),
    ("flawed", _TEXT),
    ("reference_source", _TEXT),
]
_SUMMARY = [
    ("verdict", _TEXT),
    ("verdict_ab", _TEXT),
    ("verdict_ba", _TEXT),
    ("score_a", pa.float64()),
    ("score_b", pa.float64()),
    ("pointwise_a", pa.float64()),
    ("pointwise_b", pa.float64()),
]
PAIRS = pa.schema([*_PAIR, ("asked", _TEXT)])
JUDGMENTS = pa.schema(
    [
        ("pair_id", _TEXT),
        ("round", pa.int32()),
        ("sample", pa.int32()),
        ("protocol", _TEXT),
        ("order", _TEXT),
        ("response", _TEXT),
        ("teacher", _TEXT),
        ("verdict", _TEXT),
        ("score_a", pa.float64()),
        ("score_b", pa.float64()),
        ("comparison", _TEXT),
        ("critique_a", _TEXT),
        ("critique_b", _TEXT),
        ("criteria", _TEXT),
        ("written_reference", _TEXT),
        ("failure", _TEXT),
        ("failure_detail", _TEXT),
        ("reply", _TEXT),
        ("carried_from", _TEXT),
    ]
)
KEPT = pa.schema([*_PAIR, *_SUMMARY, ("rescued_by", _TEXT), ("first_objection", _TEXT)])
DROPPED = pa.schema(
    [
        ("filter", _TEXT),
        ("reason", _TEXT),
        ("detail", _TEXT),
        *_PAIR,
        *_SUMMARY,
        ("asked_again_by", _TEXT),
        ("first_objection", _TEXT),
        ("raw", _TEXT),
    ]
)
PROMPTS = pa.schema([("id", _TEXT), ("prompt", _PROMPT)])
PROMPT_ROWS = pa.schema(
    [
        ("id", _TEXT),
        ("prompt", _PROMPT),
        ("given", pa.list_(pa.struct([("text", _TEXT), ("model", _TEXT)]))),
        ("scenario", _TEXT),
        ("reference", _TEXT),
        ("source", _TEXT),
        ("personal_data", pa.list_(_TEXT)),
        ("number", pa.int64()),
    ]
)
QUESTIONS = pa.schema(
    [
        ("id", _TEXT),
        ("number", pa.int64()),
        ("pool", pa.int64()),
        ("messages", _PROMPT),
        ("schema", _TEXT),
        ("max_tokens", pa.int64()),
        ("parameters", _TEXT),
        ("sample", pa.int64()),
    ]
)
GENERATED = pa.schema(
    [
        ("prompt_id", _TEXT),
        ("scenario", _TEXT),
        ("attributes", pa.map_(_TEXT, _TEXT)),
        ("document", _TEXT),
        ("model", _TEXT),
        ("sample", pa.int64()),
        ("situation", _TEXT),
        ("prompt", _TEXT),
        ("refused", _TEXT),
        ("detail", _TEXT),
        ("personal_data", pa.list_(_TEXT)),
        ("call", _TEXT),
    ]
)
REFERENCES = pa.schema(
    [
        ("pair_ids", pa.list_(_TEXT)),
        ("number", pa.int64()),
        ("model", _TEXT),
        ("text", _TEXT),
        ("mark", _TEXT),
        ("detail", _TEXT),
        ("final_answer", _TEXT),
        ("is_reference", pa.bool_()),
    ]
)
RESPONSES = pa.schema(
    [
        ("prompt_id", _TEXT),
        ("number", pa.int64()),
        ("origin", _TEXT),
        ("model", _TEXT),
        ("temperature", pa.float64()),
        ("system", _TEXT),
        ("text", _TEXT),
        ("finish_reason", _TEXT),
        ("mark", _TEXT),
        ("detail", _TEXT),
        ("target", pa.float64()),
    ]
)
PLANTED = pa.schema(
    [
        ("id", _TEXT),
        ("pair_id", _TEXT),
        ("flaw", _TEXT),
        ("model", _TEXT),
        ("sound", _TEXT),
        ("text", _TEXT),
        ("finish_reason", _TEXT),
        ("reason", _TEXT),
        ("detail", _TEXT),
    ]
)
RANKING = pa.schema(
    [
        ("prompt_id", _TEXT),
        ("number", pa.int64()),
        ("model", _TEXT),
        ("text", _TEXT),
        ("rank", pa.int64()),
        ("strength", pa.float64()),
        ("wins", pa.int64()),
        ("losses", pa.int64()),
        ("ties", pa.int64()),
        ("cycles", pa.list_(_TEXT)),
    ]
)
SCENARIOS = pa.schema([(name, _TEXT) for name in ("pair_id", "scenario", "how", "reason", "reply", "call")])
_ROWS_A_GROUP = 10_000
_ROWS_AT_ONCE = 1_000


def write(path: Path, schema: pa.Schema, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write a table whole or not at all. Returns the number of rows."""
    count = 0
    with writing(path, schema) as put:
        for row in rows:
            put(row)
            count += 1
    return count


@contextmanager
def writing(path: Path, schema: pa.Schema) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Brings what writes one row. The table is there, whole, when the block ends without an exception."""
    beside = path.with_name(f".{path.name}.tmp")
    group: list[Mapping[str, Any]] = []
    with pq.ParquetWriter(beside, schema) as writer:

        def put(row: Mapping[str, Any]) -> None:
            group.append(row)
            if len(group) == _ROWS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(group, schema))
                group.clear()

        yield put
        writer.write_table(pa.Table.from_pylist(group, schema))
    os.replace(beside, path)


def read(
    path: Path,
    names: Sequence[str] | None = None,
    only: tuple[str, Iterable[str]] | None = None,
    rows: range | None = None,
) -> Iterator[dict[str, Any]]:
    """Row by row; of every column, or of those named; of every row, or of those with such values in a column, or with
    these numbers.
    """
    wanted = pa.array(only[1], _TEXT) if only else None
    for batch in _batches(path, names, rows):
        found = batch.filter(pc.is_in(batch[only[0]], value_set=wanted)) if only else batch
        yield from found.to_pylist()


def _batches(path: Path, names: Sequence[str] | None, rows: range | None = None) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        if rows is None:
            yield from file.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names)
            return
        at = 0
        for group in range(file.num_row_groups):
            if rows.start < at + (size := file.metadata.row_group(group).num_rows) and at < rows.stop:
                yield from _within(file.iter_batches(_ROWS_AT_ONCE, [group], names, use_threads=False), at, rows)
            at += size


def _within(batches: Iterable[pa.RecordBatch], at: int, rows: range) -> Iterator[pa.RecordBatch]:
    """Of batches, the first of which begins with row `at`, the rows with these numbers."""
    for batch in batches:
        if at >= rows.stop:
            return
        first = max(rows.start - at, 0)
        yield batch.slice(first, max(rows.stop - at - first, 0))
        at += len(batch)


def values(path: Path, column: str) -> Iterator[str]:
    """Of one column, which is text."""
    for batch in _batches(path, [column]):
        yield from batch.column(0).to_pylist()


def read_all(paths: Iterable[Path], names: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    for path in paths:
        yield from read(path, names)


def count(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def size(path: Path, without: Sequence[str] = ()) -> int:
    """Bytes of the values, before compression; of all columns but those named."""
    found = pq.read_metadata(path)
    groups = [found.row_group(index) for index in range(found.num_row_groups)]
    columns_ = [group.column(index) for group in groups for index in range(group.num_columns)]
    return sum(one.total_uncompressed_size for one in columns_ if one.path_in_schema not in without)


def pair_row(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.id,
        "scenario": pair.scenario,
        "prompt": columns.prompt_row(pair.prompt),
        "response_a": pair.response_a,
        "response_b": pair.response_b,
        "reference": pair.reference,
        "model_a": pair.model_a,
        "model_b": pair.model_b,
        "human_label": str(pair.human_label or ""),
        "source": pair.source,
        "human_labels": [str(one) for one in pair.human_labels],
        "personal_data": list(pair.personal_data),
        "target_a": pair.target_a,
        "target_b": pair.target_b,
        "planted": pair.planted,
        "flawed": str(pair.flawed or ""),
        "reference_source": pair.reference_source,
    }


def pair(row: Mapping[str, Any]) -> Pair:
    """Tables of before there were targets, planted flaws, personal data and written references have none of these."""
    values = {name: row[name] for name, _ in _PAIR if name in row and name != "reference_source"}
    source = row.get("reference_source") or ""
    values["reference_by"] = "" if source == "given" else source
    values["prompt"] = tuple(Message(**turn) for turn in row["prompt"])
    values["human_label"] = Verdict(row["human_label"]) if row["human_label"] else None
    values["human_labels"] = tuple(map(Verdict, row["human_labels"]))
    values["personal_data"] = tuple(row.get("personal_data") or ())
    values["flawed"] = Side(row["flawed"]) if row.get("flawed") else None
    return Pair(**values)


def prompt_row(row: PromptRow, number: int) -> dict[str, Any]:
    """`number` is that of the row in the input."""
    given = [{"text": one.text, "model": one.model} for one in row.given]
    texts = {name: getattr(row, name) for name in ("id", "scenario", "reference", "source")}
    lists = {"given": given, "personal_data": list(row.personal_data)}
    return {**texts, **lists, "prompt": columns.prompt_row(row.prompt), "number": number}


def prompt(row: Mapping[str, Any]) -> PromptRow:
    texts = {name: row[name] for name in ("id", "scenario", "reference", "source")}
    given, personal = tuple(Given(**one) for one in row["given"]), tuple(row["personal_data"])
    return PromptRow(prompt=columns.prompt(row["prompt"]), given=given, personal_data=personal, **texts)


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """The judged pairs of a run as its teacher judged them first, which can be read again and again.

    `rows` are the numbers of those that are read of both tables, where it is not all of them.
    """

    pairs: Path
    judgments: Path
    rows: tuple[range, range] | None = None

    def __iter__(self) -> Iterator[JudgedPair]:
        return judged_pairs(self.pairs, self.judgments, rows=self.rows)

    def of(self, ids: Collection[str]) -> Iterator[JudgedPair]:
        """Those with such ids."""
        return judged_pairs(self.pairs, self.judgments, ids, self.rows)

    def parts(self, sizes: Callable[[int], Sequence[int]]) -> "list[JudgedPairs]":
        """For processes that read what they work on. `sizes` tells them from the number of all pairs."""
        found = parted(values(self.pairs, "id"), [values(self.judgments, "pair_id")], sizes(count(self.pairs)))
        return [replace(self, rows=(of_pairs, of_judgments)) for of_pairs, of_judgments in found]


def judged_pairs(
    pairs: Path, judgments: Path, ids: Collection[str] | None = None, rows: tuple[range, range] | None = None
) -> Iterator[JudgedPair]:
    """Pairs with their judgments of the first round."""
    for one, of_this in with_rows(pairs, judgments, ids, rows):
        yield first_round(one, of_this)


def with_rows(
    pairs: Path, judgments: Path, ids: Collection[str] | None = None, numbers: tuple[range, range] | None = None
) -> Iterator[tuple[Pair, list[dict[str, Any]]]]:
    """Pairs, all or those of `ids`, with their rows of judgments, of all rounds, and in each the pair's `asked`.

    Both tables are in the same order of pairs. `numbers` are those of the rows of both, where not all are read.
    """
    of_pairs, of_judgments = numbers or (None, None)
    rows = read(judgments, only=None if ids is None else ("pair_id", ids), rows=of_judgments)
    row = next(rows, None)
    for pair_row in read(pairs, only=None if ids is None else ("id", ids), rows=of_pairs):
        asked = pair_row.get("asked") or ""
        of_this: list[dict[str, Any]] = []
        while row is not None and row["pair_id"] == pair_row["id"]:
            of_this.append(row | {"asked": asked})
            row = next(rows, None)
        yield pair(pair_row), of_this


def round_of(row: Mapping[str, Any]) -> int:
    """Tables of before there were rounds have none."""
    return int(row.get("round") or 1)


def first_round(one: Pair, rows: Sequence[Mapping[str, Any]]) -> JudgedPair:
    """Of a pair with its rows of all rounds, as `with_rows` brings them."""
    outcomes = [outcome(row) for row in rows if round_of(row) == 1]
    carried = any(row.get("carried_from") for row in rows)
    return of_outcomes(one, outcomes, rows[0]["asked"] if rows else "", carried=carried)


def of_outcomes(
    one: Pair, outcomes: Sequence[Judgment | Failure], asked: str = "", *, carried: bool = False
) -> JudgedPair:
    return JudgedPair(
        one,
        judgments=tuple(outcome for outcome in outcomes if not isinstance(outcome, Failure)),
        failures=tuple(outcome for outcome in outcomes if isinstance(outcome, Failure)),
        asked=asked,
        carried=carried,
    )


def outcome(row: Mapping[str, Any]) -> Judgment | Failure:
    if row["failure"]:
        return Failure(columns.ask(row), row["failure"], row["failure_detail"], row["reply"])
    return columns.judgment(row)


def kept_row(judged: JudgedPair) -> dict[str, Any]:
    return pair_row(judged.pair) | _summary(judged) | _again(judged, "rescued_by")


def dropped_row(judged: JudgedPair, dropped: Dropped) -> dict[str, Any]:
    why = {"filter": dropped.filter, "reason": dropped.reason, "detail": dropped.detail}
    return why | pair_row(judged.pair) | _summary(judged) | _again(judged, "asked_again_by") | {"raw": ""}


def _again(judged: JudgedPair, by: str) -> dict[str, str]:
    again = judged.again
    return {by: again.by if again else "", "first_objection": again.first_objection if again else ""}


def set_aside_row(one: SetAside) -> dict[str, Any]:
    pair = pair_row(one.pair) if one.pair else {"prompt": [], "human_labels": [], "personal_data": []}
    empty = {name: "" for name in DROPPED.names if DROPPED.field(name).type == _TEXT}
    return empty | {"filter": "input", "reason": one.reason, "detail": one.detail, "raw": one.raw} | pair


def set_aside(row: Mapping[str, Any]) -> SetAside:
    """Read back what `set_aside_row` wrote, but for the row's number."""
    one = pair(row) if row["prompt"] else None
    return SetAside(0, row["reason"], row["detail"], one, row["raw"])


def _summary(judged: JudgedPair) -> dict[str, Any]:
    verdicts = {str(one.order): str(one.verdict) for one in judged.comparisons}
    grades = {side: judged.grade(side) for side in Side}
    return {
        "verdict": str(judged.verdict or ""),
        "verdict_ab": verdicts.get("ab", ""),
        "verdict_ba": verdicts.get("ba", ""),
        "score_a": _mean([one.score_a for one in judged.comparisons]),
        "score_b": _mean([one.score_b for one in judged.comparisons]),
        **{f"pointwise_{side}": grade.score if grade else None for side, grade in grades.items()},
    }


def _mean(scores: list[float | None]) -> float | None:
    given = [score for score in scores if score is not None]
    return sum(given) / len(given) if given else None
