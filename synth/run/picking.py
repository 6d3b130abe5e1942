"""Which pairs a preview shows: a few, spread over the scenarios, the same ones every time."""

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import zip_longest
from typing import Any


def picked(rows: Iterable[Mapping[str, Any]], n: int, *, seed: int = 0) -> list[int]:
    """Places of `n` rows (with `id` and `scenario`), of all where there are fewer.

    Scenarios take turns, the one with the most rows first; within each the seed draws. More than `n` begin with these.
    """
    sizes: Counter[str] = Counter()
    drawn: dict[str, list[tuple[bytes, int]]] = {}  # the first n of each scenario, by their draw
    for place, row in enumerate(rows):
        scenario = row["scenario"]
        sizes[scenario] += 1
        first = drawn.setdefault(scenario, [])
        insort(first, (_draw(seed, row["id"]), place))
        del first[n:]
    turns = sorted(drawn, key=lambda scenario: (-sizes[scenario], scenario))
    rounds = zip_longest(*([place for _, place in drawn[scenario]] for scenario in turns))
    return [place for one_round in rounds for place in one_round if place is not None][:n]


def _draw(seed: int, name: str) -> bytes:
    return blake2b(f"{seed}:{name}".encode(), digest_size=8).digest()
