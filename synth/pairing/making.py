"""Makes pairs of a prompt's responses."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from synth.domain import Pair, PromptRow
from synth.pairing.draw import by_lot, in_lots, stored_first
from synth.pairing.response import LAST_RESORT, Mark, Response, same
from synth.pairing.strategies import Strategy, Two


@dataclass(frozen=True, slots=True)
class NoPair:
    """Why a prompt has no pair: a short `reason`, and the `detail`."""

    reason: str
    detail: str


def pairs_of(row: PromptRow, responses: Sequence[Response], strategy: Strategy, seed: int) -> list[Pair] | NoPair:
    """The pairs of a prompt that the strategy takes; of responses with a mark only where the others give none."""
    lots = in_lots((one.number for one in responses), seed, row.id)
    for usable in _usable(responses):
        by_number = {one.number: one for one in sorted(usable, key=lambda one: one.number)}
        pairs = by_lot(combinations(by_number, 2), seed, row.id)
        twos = [(by_number[low], by_number[high]) for low, high in pairs]
        chosen = strategy.chosen([two for two in twos if strategy.fits(*two)])
        if chosen:
            return [_pair(row, two, lots) for two in sorted(chosen, key=_numbers)]
    reason = strategy.lacking if len(last_resort(responses)) > 1 else "too few responses"
    return NoPair(reason, _told(responses))


def two_by_two(responses: Sequence[Response]) -> list[Two]:
    """Those that a pair may be made of, each in at least one of the twos; none where no pair can be made."""
    usable = next((some for some in _usable(responses) if len(some) > 1), [])
    return [
        (one, usable[at + 1] if at + 1 < len(usable) else usable[0]) for at, one in enumerate(usable) if at % 2 == 0
    ]


def _numbers(two: Two) -> tuple[int, int]:
    return two[0].number, two[1].number


def _usable(responses: Sequence[Response]) -> Iterator[list[Response]]:
    clean = [one for one in responses if one.mark is Mark.NONE]
    yield clean
    if len(all_usable := last_resort(responses)) > len(clean):
        yield all_usable


def last_resort(responses: Sequence[Response]) -> list[Response]:
    """Those without a mark, and those that have a text of their own after all."""
    found: dict[str, Response] = {}
    for mark in (Mark.NONE, *LAST_RESORT):
        for one in responses:
            if one.mark is mark and one.text.strip():
                found.setdefault(same(one.text), one)
    return list(found.values())


def _pair(row: PromptRow, two: Two, lots: list[int]) -> Pair:
    low, high = two
    first = stored_first(low.number, high.number, lots)
    return stored(row, *((low, high) if first == low.number else (high, low)), pair_id(row.id, low.number, high.number))


def stored(row: PromptRow, a: Response, b: Response, name: str = "") -> Pair:
    """Two responses as a pair, whose id is of their numbers where it has no name."""
    return Pair(
        id=name or pair_id(row.id, a.number, b.number),
        prompt=row.prompt,
        response_a=a.text,
        response_b=b.text,
        scenario=row.scenario,
        reference=row.reference,
        model_a=a.model,
        model_b=b.model,
        source=row.source,
        target_a=a.target,
        target_b=b.target,
    )


def pair_id(row: str, low: int, high: int) -> str:
    return f"{row}/{low}-{high}"


def _told(responses: Sequence[Response]) -> str:
    marks = Counter(str(one.mark) or "usable" for one in responses)
    return f"of {len(responses)} responses: {', '.join(f'{count} {name}' for name, count in sorted(marks.items()))}"
