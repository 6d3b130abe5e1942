"""Follows the labelled pairs of a finished run through its filters, alone and one after the other."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from filters import Drop, Dropped, Filter, Filters
from filters.notes import Notes, packed
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
    notes = [Notes() for _ in chosen.whole_set]
    walked: list[tuple[str, bytes]] = []
    labelled = (one for one in pairs if one.pair.human_label)
    for place, one in enumerate(in_order(_Walk(chosen), labelled, os.cpu_count() or 1)):
        walked.append((one.id, one.states))
        for noted, note in zip(notes, one.notes, strict=False):
            noted.put(place, note)
    return filter_lift(chosen.names, _seen(chosen, walked, notes, fates))


_STATES = (State(False, None), State(True, None), State(True, False), State(True, True))


@dataclass(frozen=True, slots=True)
class _Walked:
    """One pair after the filters of single pairs, and what the filters of the set note of it as it was, packed.

    `states` are places in _STATES, as all pairs may be labelled: before any filter, after each alone, after each in
    turn. Without `notes` no filter of the set sees it.
    """

    id: str
    states: bytes
    notes: list[bytes]


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
        notes = [packed(each.note(judged)) for each in self.filters.whole_set] if readable else []
        return _Walked(judged.pair.id, bytes(map(_STATES.index, (before, *alone, *in_sequence))), notes)


def _seen(
    chosen: Filters, walked: list[tuple[str, bytes]], notes: list[Notes], fates: Mapping[str, Dropped | None]
) -> Iterator[Seen]:
    of_the_set = [(each.name, each.drops(noted)) for each, noted in zip(chosen.whole_set, notes, strict=True)]
    for place, (pair_id, states) in enumerate(walked):
        before, *each_state = (_STATES[state] for state in states)
        alone, in_sequence = each_state[: len(chosen.per_pair)], each_state[len(chosen.per_pair) :]
        by = fates.get(pair_id)
        for name, drops in of_the_set:
            last = in_sequence[-1] if in_sequence else before
            alone = [*alone, State(place not in drops, before.right)]
            in_sequence = [*in_sequence, replace(last, there=last.there and not (by and by.filter == name))]
        yield Seen(before, alone, in_sequence)


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
