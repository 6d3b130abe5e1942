"""The filters of a run at work: pair by pair first, then those that look at the whole set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from filters.base import Drop, Filter, SetFilter
from filters.notes import Notes, packed
from filters.parallel import in_order
from synth.domain import JudgedPair, Verdict


@dataclass(frozen=True, slots=True)
class Dropped:
    """The filter that objected, and why."""

    filter: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What a config chose, in the order it runs. A pair is dropped by the first that objects."""

    per_pair: tuple[Filter, ...]
    whole_set: tuple[SetFilter, ...] = ()

    @property
    def names(self) -> list[str]:
        return [*(one.name for one in self.per_pair), *(one.name for one in self.whole_set)]

    def one(self, judged: JudgedPair) -> JudgedPair | Dropped:
        """What the filters of single pairs make of a pair: itself, perhaps with its verdict settled, or why it goes."""
        for each in self.per_pair:
            found = each(judged)
            if isinstance(found, Drop):
                return Dropped(each.name, found.reason, found.detail)
            if found is not None:
                judged = replace(judged, settled=found.verdict)
        return judged

    def all(self, pairs: Iterable[JudgedPair], workers: int = 1) -> Iterator[tuple[JudgedPair, Dropped | None]]:
        """Every pair in its order, with the objection to it.

        `pairs` is read twice where a filter looks at the whole set or there are several `workers` (processes), and must
        bring the same each time; in between, a short note of each pair is held and no pair.
        """
        if not self.whole_set and workers == 1:
            for judged in pairs:
                found = self.one(judged)
                yield (judged, found) if isinstance(found, Dropped) else (found, None)
            return
        dropped, settled = self._decided(pairs, workers)
        for place, judged in enumerate(pairs):
            verdict = settled.get(place)
            yield replace(judged, settled=verdict) if verdict else judged, dropped.get(place)

    def _decided(self, pairs: Iterable[JudgedPair], workers: int) -> tuple[dict[int, Dropped], dict[int, Verdict]]:
        dropped: dict[int, Dropped] = {}
        settled: dict[int, Verdict] = {}
        notes = [Notes() for _ in self.whole_set]
        for place, found in enumerate(in_order(self._noted, pairs, workers)):
            if isinstance(found, Dropped):
                dropped[place] = found
                continue
            verdict, made = found
            if verdict is not None:
                settled[place] = verdict
            for noted, note in zip(notes, made, strict=True):
                noted.put(place, note)
        for each in self.whole_set:
            left = notes.pop(0).without(dropped)
            for place, drop in each.drops(left).items():
                dropped[place] = Dropped(each.name, drop.reason, drop.detail)
        return dropped, settled

    def _noted(self, judged: JudgedPair) -> Dropped | tuple[Verdict | None, list[bytes]]:
        """The objection to a pair, or its settled verdict and what the filters of the set note of it, packed."""
        found = self.one(judged)
        if isinstance(found, Dropped):
            return found
        return found.settled, [packed(each.note(found)) for each in self.whole_set]
