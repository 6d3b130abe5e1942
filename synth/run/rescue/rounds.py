"""Reads judgments of two rounds as the filters are to see them: one judgment an ask, of one round."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from filters import Dropped, Filters
from filters.parallel import in_order
from synth.config.model import Config
from synth.domain import Ask, AskedAgain, Failure, JudgedPair, Judgment, Pair
from synth.rows import columns
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.recorded.judgment import Recorded
from synth.run.recorded.votes import counted
from synth.run.rescue.second_round import MENDABLE, by, first_counts

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against a pair that another answer may mend; None where nothing does.

    A call that failed has no answer as yet: running again asks for it, and a second teacher is not paid for what may
    be a hiccup of the first one's endpoint.
    """

    filters: Filters

    def __call__(self, judged: JudgedPair) -> Dropped | None:
        found = self.filters.one(judged)
        if not isinstance(found, Dropped) or found.filter not in MENDABLE or found.reason == "call failed":
            return None
        return found


@dataclass(frozen=True, slots=True)
class _AskedAgain:
    """The pairs that have a second round."""

    pairs: Path
    judgments: Path

    def ids(self) -> Iterator[str]:
        return (one.id for one, _ in self._rows())

    def first_rounds(self) -> Iterator[JudgedPair]:
        return (tables.first_round(one, rows) for one, rows in self._rows())

    def _rows(self) -> Iterator[tuple[Pair, list[dict[str, Any]]]]:
        for one, rows in tables.with_rows(self.pairs, self.judgments):
            if any(tables.round_of(row) == 2 for row in rows):
                yield one, rows


@dataclass(frozen=True, slots=True)
class AfterRescue:
    """Judged pairs, of which those with an objection to their first round (by id) are as in their second."""

    pairs: Path
    judgments: Path
    config: Config
    objections: Mapping[str, Dropped]

    def __iter__(self) -> Iterator[JudgedPair]:
        return self._judged(None)

    def of(self, ids: Collection[str]) -> Iterator[JudgedPair]:
        """Those with such ids."""
        return self._judged(ids)

    def _judged(self, ids: Collection[str] | None) -> Iterator[JudgedPair]:
        rescue = self.config.rescue
        assert rescue is not None
        said_by, with_first = by(self.config, rescue), first_counts(self.config, rescue)
        for one, rows in tables.with_rows(self.pairs, self.judgments, ids):
            objection = self.objections.get(one.id)
            if objection is None:
                yield tables.first_round(one, rows)
            else:
                again = AskedAgain(said_by, objection.filter, objection.reason)
                yield replace(second_round(one, rows, with_first=with_first), again=again)


def judged_pairs(folder: RunFolder, filters: Filters, config: Config, workers: int) -> tables.JudgedPairs | AfterRescue:
    """The pairs of a run for its filters; they can be read again and again.

    The second round of a pair takes the place of the first where the filters object to the first. Filters other than
    those of the run may not: such a pair is judged by its first round, as in a run with these filters.
    """
    if config.rescue is None:
        return tables.JudgedPairs(folder.pairs, folder.judgments)
    asked_again = _AskedAgain(folder.pairs, folder.judgments)
    objections = in_order(Objection(filters), asked_again.first_rounds(), workers)
    found = zip(asked_again.ids(), objections, strict=True)
    return AfterRescue(folder.pairs, folder.judgments, config, {pair_id: one for pair_id, one in found if one})


def second_round(one: Pair, rows: Rows, *, with_first: bool) -> JudgedPair:
    """Several judgments of one ask are votes, and most must say the same; `with_first` those of the first round too.

    Its `asked` is empty: a later version asks such a pair again, as the mark is that of the first round alone.
    """
    by_ask: dict[Ask, list[Recorded]] = {}
    for row in rows:
        if with_first or tables.round_of(row) == 2:
            ask = columns.ask(row)
            by_ask.setdefault(ask, []).append(Recorded(ask, row["teacher"], tables.outcome(row), row["reply"]))
    outcomes: list[Judgment | Failure] = [vote.outcome for vote in counted(by_ask, "majority").values()]
    return tables.of_outcomes(one, outcomes)
