"""How long the preset `default` takes to filter, by filter and in all, on synthetic judged pairs.

    python -m benchmarks.filter_speed [--pairs 20000]

A pair is compared in both orders and graded twice; each of its eight critiques has 60 to 150 words of English, names
slots, and quotes the responses now and then. About one pair in six has a fault, so that every filter has something to
find. Milliseconds are CPU time of one process, which does not count what else the machine does; what filters share of
a text (its words, the names in it) counts for the first that asks. Seconds with two workers are what a clock says, the
reading of the tables included, which are read twice.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.critiques import judged_pair
from filters import Drop, Filters, chosen
from filters.language import load
from synth.domain import Ask, JudgedPair, PairwiseJudgment, Protocol
from synth.rows.columns import ask_row, judgment_row
from synth.run import tables

_SAMPLE = 5_000  # pairs that the filters are timed on one by one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20_000)
    count = parser.parse_args().pairs
    filters = chosen("default")
    load()
    with TemporaryDirectory() as folder:
        table = written(Path(folder), count)
        sample = min(count, _SAMPLE)
        print(f"CPU ms a pair, over the first {sample:,} of {count:,} pairs")
        for name, seconds in by_filter(filters, table, sample).items():
            print(f"  {name:<28}{1000 * seconds / sample:8.3f}")
        show("one process, all pairs", count, *timed(filters, table, 1))
        show("two workers, all pairs", count, *timed(filters, table, 2))


def show(what: str, count: int, cpu: float, wall: float, kept: int) -> None:
    print(
        f"{what}: {1000 * cpu / count:.3f} CPU ms a pair, {count / wall:,.0f} rows a second, "
        f"{wall:.1f} s by the clock; {kept:,} of {count:,} kept"
    )


def written(folder: Path, count: int) -> tables.JudgedPairs:
    """The tables of a run with so many judged pairs."""
    found = tables.JudgedPairs(folder / "pairs.parquet", folder / "judgments.parquet")
    with tables.writing(found.pairs, tables.PAIRS) as pair, tables.writing(found.judgments, tables.JUDGMENTS) as said:
        for judged in map(judged_pair, range(count)):
            pair(tables.pair_row(judged.pair) | {"asked": ""})
            for row in _judgment_rows(judged):
                said(row)
    return found


def _judgment_rows(judged: JudgedPair) -> Iterator[dict[str, Any]]:
    for one in judged.judgments:
        if isinstance(one, PairwiseJudgment):
            ask = Ask(Protocol.PAIRWISE, order=one.order)
        else:
            ask = Ask(Protocol.POINTWISE, response=one.response)
        row = judgment_row(one)
        rest = {"pair_id": judged.pair.id, "round": 1, "sample": 0, "teacher": "made", "carried_from": ""}
        yield ask_row(ask) | row | rest | {"failure": "", "failure_detail": "", "reply": json.dumps(row)}


def by_filter(filters: Filters, table: tables.JudgedPairs, sample: int) -> dict[str, float]:
    """CPU seconds of reading the sample and of each filter on what those before it left."""
    spent: Counter[str] = Counter()
    begun = time.process_time()
    pairs = list(islice(table, sample))
    spent["reading the tables"] = time.process_time() - begun
    notes: list[dict[int, Any]] = [{} for _ in filters.whole_set]
    for place, judged in enumerate(pairs):
        before = time.process_time()
        for each in filters.per_pair:
            found = each(judged)
            now = time.process_time()
            spent[each.name] += now - before
            before = now
            if isinstance(found, Drop):
                break
        else:
            for noted, whole in zip(notes, filters.whole_set, strict=True):
                noted[place] = whole.note(judged)
                now = time.process_time()
                spent[whole.name] += now - before
                before = now
    for noted, whole in zip(notes, filters.whole_set, strict=True):
        before = time.process_time()
        whole.drops(noted)
        spent[whole.name] += time.process_time() - before
    return dict(spent)


def timed(filters: Filters, table: tables.JudgedPairs, workers: int) -> tuple[float, float, int]:
    """CPU seconds of all processes, seconds by the clock, and how many pairs are kept."""
    before, begun = os.times(), time.perf_counter()
    kept = sum(dropped is None for _, dropped in filters.all(table, workers))
    after, ended = os.times(), time.perf_counter()
    return sum(after[:4]) - sum(before[:4]), ended - begun, kept


if __name__ == "__main__":
    main()
