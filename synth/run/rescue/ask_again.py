"""Has pairs asked about again to which the filters object for what the teacher said, and puts both rounds together."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from shutil import rmtree
from typing import Any

from filters.parallel import in_order
from synth.config.model import Rescue
from synth.run import tables
from synth.run.engine import Engine
from synth.run.folder import RunFolder
from synth.run.judging import engine_tables, judge
from synth.run.prepare import Prepared
from synth.run.rescue.rounds import Objection
from synth.run.rescue.second_round import asks_something_new, first_counts, round_of
from synth.run.teacher import teacher, terms
from synth.run.usage import Used, used_by
from synth.run.workers import workers
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Asked:
    """The calls of the second round that were made now, what it took whenever it was made, and the manifest's part."""

    calls: Counts
    used: Used
    record: dict[str, Any]


def ask_again(prepared: Prepared, engine: Engine, *, quiet: bool) -> Asked | None:
    """Judge a second time what the first round leaves to mend; judgments.parquet then has both rounds.

    None where the config has no `rescue`. Raises RunError where calls were not made; the first round is whole then, and
    what was asked again is in the journal.
    """
    folder, second, rescue = prepared.folder, prepared.second, prepared.config.rescue
    rmtree(folder.rescue().pairs.parent, ignore_errors=True)
    if second is None or rescue is None:
        return None
    second.folder.pairs.parent.mkdir()
    second.folder.work.mkdir(parents=True, exist_ok=True)
    calls = Counts()
    if tables.write(second.folder.pairs, tables.PAIRS, _to_mend(prepared, rescue)):
        with teacher(second) as asked:
            calls = judge(second, asked, engine, quiet=quiet, doing="rescue", round=round_of(prepared.config, rescue))
        tables.write(folder.judgments, tables.JUDGMENTS, _both(folder, second.folder))
    used = used_by(engine_tables(second.folder), prepared.prices)
    rmtree(second.folder.pairs.parent)
    return Asked(calls, used, _record(prepared, second, rescue, used))


def _to_mend(prepared: Prepared, rescue: Rescue) -> Iterator[dict[str, Any]]:
    folder, scenarios = prepared.folder, prepared.catalogue
    judged = tables.judged_pairs(folder.pairs, folder.judgments)
    objections = in_order(Objection(prepared.filters), judged, workers(tables.count(folder.pairs)))
    for row, objection in zip(tables.read(folder.pairs), objections, strict=True):
        if objection is not None:
            one = tables.pair(row)
            if asks_something_new(prepared.config, rescue, one, scenarios.get(one.scenario)):
                yield row


def _both(first: RunFolder, second: RunFolder) -> Iterator[dict[str, Any]]:
    """The rows of the second round after those of the first, pair by pair."""
    again = tables.with_rows(second.pairs, second.judgments)
    following = next(again, None)
    for one, rows in tables.with_rows(first.pairs, first.judgments):
        yield from rows
        if following is not None and following[0].id == one.id:
            yield from following[1]
            following = next(again, None)


def _record(prepared: Prepared, second: Prepared, rescue: Rescue, used: Used) -> dict[str, Any]:
    carried = terms(second)
    return {
        "teacher": {"model": carried.model, "parameters": carried.parameters, "max_tokens": carried.max_tokens},
        "votes": rescue.votes,
        "first_judgment_votes": first_counts(prepared.config, rescue),
        "reference": rescue.reference,
        "usage": asdict(used),
    }
