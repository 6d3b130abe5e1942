"""From the JSON lines of a run folder to the Parquet files that are published."""

import json
from collections.abc import Iterator
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from synth.errors import ConfigError
from synth.exports.formats import format_named
from synth.exports.subset import Split, Subset

SHARD_BYTES = 500_000_000  # of JSON lines; in Parquet it is a good deal less
_Numbered = tuple[int, dict[str, Any]]
_ROWS_A_GROUP = 1_000  # the Hub's viewer reads whole groups, and wants them small


def publishable(dataset: Path, form: str, splits: dict[str, int], into: Path, shard_bytes: int = SHARD_BYTES) -> Subset:
    """Write `<into>/data/<form>/<split>-00000-of-00001.parquet` of `<dataset>/<form>/<split>.jsonl`.

    `splits` are the rows that there should be. Columns have the types that the format declares, so that one which is
    empty in a split is of no other type there. Raises ConfigError where the files are not what the run has written.
    """
    schema = format_named(form).schema
    found, size = [], 0
    for split, rows in splits.items():
        source = dataset / form / f"{split}.jsonl"
        if not source.exists():
            raise _changed(source, "it is missing")
        folder = into / "data" / form
        folder.mkdir(parents=True, exist_ok=True)
        shards = ceil(source.stat().st_size / shard_bytes)
        num_bytes = 0
        lines = _rows(source, schema)
        written = 0
        for shard in range(shards):
            path = folder / f"{split}-{shard:05}-of-{shards:05}.parquet"
            count, in_memory = _write(path, schema, source, islice(lines, ceil(rows / shards)))
            written, num_bytes, size = written + count, num_bytes + in_memory, size + path.stat().st_size
        written += sum(1 for _ in lines)
        if written != rows:
            raise _changed(source, f"it holds {written} rows, the manifest says {rows}")
        found.append(Split(split, f"data/{form}/{split}-*.parquet", rows, num_bytes))
    return Subset(form, schema, tuple(found), size)


def _write(path: Path, schema: pa.Schema, source: Path, rows: Iterator[_Numbered]) -> tuple[int, int]:
    """Number of rows, and their size in memory."""
    count = num_bytes = 0
    with pq.ParquetWriter(path, schema) as writer:
        while group := list(islice(rows, _ROWS_A_GROUP)):
            table = _table(group, schema, source)
            writer.write_table(table)
            count, num_bytes = count + len(group), num_bytes + table.nbytes
    return count, num_bytes


def _rows(source: Path, schema: pa.Schema) -> Iterator[_Numbered]:
    """Rows with the number of their line. pyarrow would leave out a column that it does not know."""
    known = set(schema.names)
    with source.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                unknown = sorted(set(row) - known)
            except (ValueError, TypeError) as error:
                raise _changed(source, f"line {number} is no row of it ({error})") from error
            if unknown:
                raise _changed(source, f"line {number} has {', '.join(map(repr, unknown))}, which the format has not")
            yield number, row


def _table(group: list[_Numbered], schema: pa.Schema, source: Path) -> pa.Table:
    try:
        return pa.Table.from_pylist([row for _, row in group], schema)
    except (pa.ArrowException, TypeError) as error:
        if len(group) == 1:
            said = str(error).splitlines()[0]
            raise _changed(source, f"line {group[0][0]} is not of the format's types ({said})") from error
    return pa.concat_tables([_table([one], schema, source) for one in group])  # finds the line


def _changed(source: Path, what: str) -> ConfigError:
    return ConfigError(
        f"{source}: {what}; it is not what the run has written: `judgemill filter` writes it again, with no call"
    )
