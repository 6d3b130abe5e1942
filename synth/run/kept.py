"""Pairs as the filters saw them when they decided, read from the tables of a finished run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from synth.config.model import Config
from synth.domain import AskedAgain, JudgedPair, Pair, Verdict
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.rescue.rounds import second_round
from synth.run.rescue.second_round import first_counts


@dataclass(frozen=True, slots=True)
class KeptPairs:
    """The pairs that a run kept; they can be read again and again. `config` is the run's."""

    folder: RunFolder
    config: Config

    def __iter__(self) -> Iterator[JudgedPair]:
        """With the verdicts that the filters settled, in the one order that all tables have."""
        kept = tables.read(self.folder.kept, ["id", "verdict", "rescued_by", "first_objection"])
        row = next(kept, None)
        for one, rows in tables.with_rows(self.folder.pairs, self.folder.judgments):
            if row is None:
                return
            if one.id != row["id"]:
                continue
            yield with_verdict(as_decided(one, rows, again(row), self.config), row)
            row = next(kept, None)


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
