"""Follows the labelled pairs of a finished run through its filters, alone and one after the other."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from filters import Drop, Dropped, Filter, Filters
from filters.parallel import in_order
from synth.audit.filter_lift import FilterLift, Seen, State, filter_lift
from synth.domain import JudgedPair, Verdict

_ALWAYS_FIRST = "malformed"


def filter_report(chosen: Filters, pairs: Iterable[JudgedPair], fates: Mapping[str, Dropped | None]) -> FilterLift:
    """`pairs` are those of the run with a human label, others do not count; `fates` are the objections to these by the
    pairs' ids, None to what was kept.

    Before a filter settles it, the label of a pair that flips is that of its first order: what a single question would
    have brought. A filter of the whole set sees, alone, the set of all labelled pairs. What `malformed` drops is shown
    to no other filter, as in a run.
    """
    walk = _Walk(chosen)
    walked = list(in_order(walk, (one for one in pairs if one.pair.human_label), os.cpu_count() or 1))
    return filter_lift(chosen.names, _seen(chosen, walked, fates))


@dataclass(frozen=True, slots=True)
class _Walked:
    """One pair after the filters of single pairs, and what the filters of the set note of it as it was."""

    id: str
    before: State
    alone: list[State]
    in_sequence: list[State]
    notes: list[Any] | None


@dataclass(frozen=True, slots=True)
class _Walk:
    filters: Filters

    def __call__(self, judged: JudgedPair) -> _Walked:
        before = State(True, _right(judged))
        readable = all(_after(each, judged) for each in self.filters.per_pair if each.name == _ALWAYS_FIRST)
        alone, in_sequence = [], []
        now: JudgedPair | None = judged
        for each in self.filters.per_pair:
            alone.append(_state(_after(each, judged)) if readable or each.name == _ALWAYS_FIRST else before)
            now = now and _after(each, now)
            in_sequence.append(_state(now))
        notes = [each.note(judged) for each in self.filters.whole_set] if readable else None
        return _Walked(judged.pair.id, before, alone, in_sequence, notes)


def _seen(chosen: Filters, walked: list[_Walked], fates: Mapping[str, Dropped | None]) -> Iterator[Seen]:
    of_the_set = [
        (each.name, each.drops({place: one.notes[index] for place, one in enumerate(walked) if one.notes}))
        for index, each in enumerate(chosen.whole_set)
    ]
    for place, one in enumerate(walked):
        alone, in_sequence = one.alone, one.in_sequence
        by = fates.get(one.id)
        for name, drops in of_the_set:
            last = in_sequence[-1] if in_sequence else one.before
            alone = [*alone, State(place not in drops, one.before.right)]
            in_sequence = [*in_sequence, replace(last, there=last.there and not (by and by.filter == name))]
        yield Seen(one.before, alone, in_sequence)


def _after(each: Filter, judged: JudgedPair) -> JudgedPair | None:
    found = each(judged)
    if isinstance(found, Drop):
        return None
    return judged if found is None else replace(judged, settled=found.verdict)


def _state(judged: JudgedPair | None) -> State:
    return State(False, None) if judged is None else State(True, _right(judged))


def _right(judged: JudgedPair) -> bool | None:
    label = _label(judged)
    return None if label is None else label is judged.pair.human_label


def _label(judged: JudgedPair) -> Verdict | None:
    if judged.verdict is not None or not judged.comparisons:
        return judged.verdict
    return judged.comparisons[0].verdict
