"""Takes a file of recorded judgments in: pairs.parquet, judgments.parquet, and the rows that are set aside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from synth.domain import Ask, Failure, Protocol, asks
from synth.errors import ConfigError, meant
from synth.parsing.formats import ReplyFormat
from synth.rows import columns
from synth.rows.pairs import SetAside, pairs
from synth.rows.read import BadRow, Row, as_json
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.intake import Intake
from synth.run.recorded.judgment import Recorded, RecordError, recorded
from synth.run.recorded.votes import Rule, counted
from synth.scenario import Catalogue

_EVERY = asks(tuple(Protocol))
_KEYS = (*columns.INPUT, "judgments")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken of a file, and how. No `teachers` means all of them."""

    form: ReplyFormat | None
    teachers: tuple[str, ...] = ()
    votes: Rule | None = None
    skip_bad_rows: bool = False
    default_scenario: str = "others"


@dataclass(slots=True)
class Found:
    """What the file turned out to hold: rows set aside, the asks that were judged, and by whom."""

    intake: Intake = field(default_factory=Intake)
    asks: set[Ask] = field(default_factory=set)
    teachers: set[str] = field(default_factory=set)

    @property
    def protocols(self) -> list[Protocol]:
        return [protocol for protocol in Protocol if any(ask.protocol is protocol for ask in self.asks)]


def take_in(rows: Iterable[Row | BadRow], wanted: Wanted, catalogue: Catalogue, folder: RunFolder, place: str) -> Found:
    """Write both tables of the run, row by row.

    An ask that other pairs of the file were judged by, and this one was not, is a failure of this one: it would
    otherwise pass the filters that compare judgments for want of anything to compare.
    Raises ConfigError, which names `place`, for what cannot be used.
    """
    folder.work.mkdir(parents=True, exist_ok=True)
    found = Found()
    beside, raw = folder.work / "pairs.parquet", folder.work / "recorded.parquet"
    source = _Source(rows, wanted, found)
    taken = 0
    with tables.writing(beside, tables.PAIRS) as put_pair, tables.writing(raw, tables.JUDGMENTS) as put_judgment:
        for one in pairs(source, {}, catalogue, skip_bad_rows=True):
            if isinstance(one, SetAside):
                if one.reason == "unreadable row" and not wanted.skip_bad_rows:
                    raise ConfigError(f"{one.detail}; mend it, or --bad-rows skip")
                found.intake.set_aside.append(one)
                continue
            taken += 1
            pair = replace(one, scenario=one.scenario or wanted.default_scenario)
            found.intake.scenarios.add(pair.scenario)
            put_pair(tables.pair_row(pair))
            for each in source.current:
                put_judgment(_row(one.id, each))
    _check(found, wanted, taken, place)
    tables.write(folder.judgments, tables.JUDGMENTS, _completed(beside, raw, found.asks))
    beside.replace(folder.pairs)
    return found


class _Source:
    """The rows as `pairs` wants them; `current` are the judgments of the row that was brought last."""

    def __init__(self, rows: Iterable[Row | BadRow], wanted: Wanted, found: Found) -> None:
        self._rows, self._wanted, self._found = rows, wanted, found
        self.current: list[Recorded] = []

    def __iter__(self) -> Iterator[Row | BadRow]:
        for row in self._rows:
            self.current = []
            if isinstance(row, BadRow):
                yield row
                continue
            try:
                self.current = self._judgments(row)
            except RecordError as error:
                yield BadRow(row.number, row.place, str(error), as_json(dict(row.values)))
                continue
            yield row

    def _judgments(self, row: Row) -> list[Recorded]:
        for key in row.values:
            if key not in _KEYS:
                raise RecordError(f"unknown key {key!r}; {meant(str(key), _KEYS)}allowed are {', '.join(_KEYS)}")
        for key in (*columns.NEEDED, "judgments"):
            if key not in row.values:
                raise RecordError(f"{key} is missing")
        given = row.values["judgments"]
        if not isinstance(given, list):
            raise RecordError(f"judgments must be a list, found {given!r:.60}")
        by_ask: dict[Ask, list[Recorded]] = {}
        for number, each in enumerate(given):
            try:
                one = recorded(each, self._wanted.form)
            except RecordError as error:
                raise RecordError(f"judgments[{number}]: {error}") from error
            if not self._wanted.teachers or one.teacher in self._wanted.teachers:
                by_ask.setdefault(one.ask, []).append(one)
            self._found.teachers.add(one.teacher)
        self._found.asks |= by_ask.keys()
        if self._wanted.votes is None:
            _refuse_several(by_ask)
        made = counted(by_ask, self._wanted.votes or "majority")
        return [made[ask] for ask in _EVERY if ask in made]


def _refuse_several(by_ask: Mapping[Ask, Sequence[Recorded]]) -> None:
    for ask, judged in by_ask.items():
        if len(judged) > 1:
            names = ", ".join(repr(one.teacher) for one in judged)
            raise RecordError(
                f"{ask.name} was judged {len(judged)} times, by {names}; choose with --teacher, or count --votes"
            )


def _check(found: Found, wanted: Wanted, taken: int, place: str) -> None:
    aside = found.intake.set_aside
    if not taken:
        why = f"all {len(aside)} rows were set aside, the first: {aside[0].reason}" if aside else "it holds no rows"
        raise ConfigError(f"{place}: no pair to take; {why}")
    for name in wanted.teachers:
        if name not in found.teachers:
            known = sorted(found.teachers)
            raise ConfigError(f"{place}: no judgment by {name!r}; {meant(name, known)}it has {', '.join(known)}")
    if not found.asks:
        raise ConfigError(f"{place}: no row holds a judgment")


def _completed(pairs_path: Path, raw: Path, every: set[Ask]) -> Iterator[dict[str, Any]]:
    """The judgments in the order of the pairs and asks, with a row for each ask that a pair lacks."""
    rows = groupby(tables.read(raw), key=lambda row: row["pair_id"])
    judged = next(rows, None)
    for pair in tables.read(pairs_path, ["id"]):
        by_ask: dict[Ask, dict[str, Any]] = {}
        if judged is not None and judged[0] == pair["id"]:
            by_ask = {columns.ask(row): row for row in judged[1]}
            judged = next(rows, None)
        for ask in _EVERY:
            if ask in by_ask:
                yield by_ask[ask]
            elif ask in every:
                missing = Failure(ask, "not judged", "the file has this ask for other pairs and not for this one")
                yield _row(pair["id"], Recorded(ask, "", missing))


def _row(pair_id: str, one: Recorded) -> dict[str, Any]:
    outcome = one.outcome
    failure = outcome if isinstance(outcome, Failure) else None
    return {
        **(columns.NO_JUDGMENT if isinstance(outcome, Failure) else columns.judgment_row(outcome)),
        **columns.ask_row(one.ask),
        "pair_id": pair_id,
        "round": 1,
        "sample": 0,
        "teacher": one.teacher,
        "failure": failure.reason if failure else "",
        "failure_detail": failure.detail if failure else "",
        "reply": one.reply,
        "carried_from": "",
    }
