"""Pairs as the filters saw them when they decided, read from the tables of a finished run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from synth.config.model import Config
from synth.domain import AskedAgain, JudgedPair, Pair, Verdict
from synth.rows import columns
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.parts import parted
from synth.run.rescue.rounds import second_round
from synth.run.rescue.second_round import first_counts


@dataclass(frozen=True, slots=True)
class KeptPairs:
    """The pairs that a run kept; they can be read again and again. `config` is the run's.

    `rows` are the numbers of those that are read of pairs, judgments and kept ones, where it is not all of them.
    """

    folder: RunFolder
    config: Config
    rows: tuple[range, range, range] | None = None

    def __iter__(self) -> Iterator[JudgedPair]:
        """With the verdicts that the filters settled, in the one order that all tables have."""
        of_pairs, of_judgments, of_kept = self.rows or (None, None, None)
        names = ["id", "verdict", "rescued_by", "first_objection"]
        kept = tables.read(self.folder.kept, names, rows=of_kept)
        row = next(kept, None)
        numbers = (of_pairs, of_judgments) if of_pairs is not None and of_judgments is not None else None
        for one, rows in tables.with_rows(self.folder.pairs, self.folder.judgments, numbers=numbers):
            if row is None:
                return
            if one.id != row["id"]:
                continue
            yield with_verdict(as_decided(one, rows, again(row), self.config), row)
            row = next(kept, None)

    def outlines(self) -> Iterator[JudgedPair]:
        """The same with no more than id, prompt, scenario and verdict, which are had in a tenth of the time."""
        for row in tables.read(self.folder.kept, ["id", "prompt", "scenario", "verdict"]):
            pair = Pair(row["id"], columns.prompt(row["prompt"]), "", "", row["scenario"])
            yield JudgedPair(pair, settled=Verdict(row["verdict"]) if row["verdict"] else None)

    def parts(self, sizes: Callable[[int], Sequence[int]]) -> "list[KeptPairs]":
        """For processes that read what they work on. `sizes` tells them from the number of all judged pairs."""
        folder = self.folder
        following = [tables.values(folder.judgments, "pair_id"), tables.values(folder.kept, "id")]
        found = parted(tables.values(folder.pairs, "id"), following, sizes(tables.count(folder.pairs)))
        return [replace(self, rows=(pairs, judgments, kept)) for pairs, judgments, kept in found]


def again(row: Mapping[str, Any]) -> AskedAgain | None:
    """Whether a row of kept.parquet or dropped.parquet was decided by a second round."""
    by = row.get("rescued_by") or row.get("asked_again_by")
    if not by:
        return None
    objector, _, reason = row["first_objection"].partition(": ")
    return AskedAgain(by, objector, reason)


def with_verdict(judged: JudgedPair, row: Mapping[str, Any]) -> JudgedPair:
    """With the verdict of its row in kept.parquet or dropped.parquet, which a filter may have settled."""
    verdict = Verdict(row["verdict"]) if row["verdict"] else None
    return judged if judged.verdict is verdict else replace(judged, settled=verdict)


def as_decided(one: Pair, rows: Sequence[Mapping[str, Any]], again: AskedAgain | None, config: Config) -> JudgedPair:
    """A pair with the judgments of the round that decided; `rows` are those of all rounds."""
    if again is None:
        return tables.first_round(one, rows)
    with_first = config.rescue is not None and first_counts(config, config.rescue)
    return replace(second_round(one, rows, with_first=with_first), again=again)
