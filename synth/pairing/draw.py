"""Draws of lots that depend on the seed and the row alone: not on other rows, their order, or what a model answers."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

_BITS = 53  # as many as a float holds


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to have a prompt answered. `pool` is the place of the model's endpoint among those of the run."""

    pool: int
    model: str
    max_tokens: int
    weight: float = 1.0
    system: str = ""
    temperature: float | None = None
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def sent(self) -> dict[str, Any]:
        """The parameters of a request."""
        return dict(self.parameters) | ({} if self.temperature is None else {"temperature": self.temperature})

    @property
    def name(self) -> str:
        """What tells it from other settings of the run."""
        return json.dumps([self.model, self.system, self.max_tokens, self.sent], sort_keys=True, ensure_ascii=False)


def chance(seed: int, *of: str) -> float:
    """A number above 0 and below 1, always the same for the same arguments."""
    digest = hashlib.sha256(json.dumps([seed, *of]).encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) * 2.0**-_BITS + 2.0 ** -(_BITS + 1)


def drawn(settings: Iterable[Setting], wanted: int, seed: int, row: str) -> list[Setting]:
    """So many of the settings, by weight and each once: other models first, then other settings of those.

    Weighted sampling without replacement by keys log(u) / weight (Efraimidis and Spirakis 2006), so that what was drawn
    stays when more are wanted, or when a model is added that is not drawn.
    """
    keyed = sorted(
        ((log(chance(seed, "setting", row, one.name)) / one.weight, one) for one in settings),
        key=lambda each: (-each[0], each[1].name),
    )
    before: Counter[str] = Counter()
    rounds = []
    for key, one in keyed:
        rounds.append((before[one.model], -key, one.name, one))
        before[one.model] += 1
    return [one for *_, one in sorted(rounds, key=lambda each: each[:3])][:wanted]


def in_lots(numbers: Iterable[int], seed: int, row: str) -> list[int]:
    """The numbers of a prompt's responses in an order of this row's own."""
    return sorted(numbers, key=lambda number: chance(seed, "response", row, str(number)))


def by_lot(pairs: Iterable[tuple[int, int]], seed: int, row: str) -> list[tuple[int, int]]:
    """The same for pairs of them."""
    return sorted(pairs, key=lambda pair: chance(seed, "pair", row, *map(str, pair)))


def stored_first(one: int, other: int, lots: list[int]) -> int:
    """Which of two responses is stored as `response_a`.

    By the distance of their lots, so that among all pairs of a prompt each response is first half of the time (one
    time more or less), and a single pair is a toss of a coin.
    """
    first, second = sorted((lots.index(one), lots.index(other)))
    return lots[first] if (second - first) % 2 else lots[second]
