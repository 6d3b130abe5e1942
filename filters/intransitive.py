"""Drops the pairs of prompts whose verdicts go round in a circle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from hashlib import blake2b
from itertools import combinations
from typing import TypeVar

from filters.base import Drop
from synth.domain import JudgedPair, Verdict
from synth.rows.pairs import prompt_key

T = TypeVar("T", bound=str | bytes | int)
Note = tuple[bytes, bytes, bytes] | None  # prompt, the better response, the worse


@dataclass(frozen=True, slots=True)
class Intransitive:
    """All pairs of a prompt go where some of its responses beat each other in a circle: a verdict of them is wrong.

    It takes several pairs of a prompt, as `pairs: {strategy: every}` makes them, and looks at those that the filters
    before it left. A tie beats nobody. Reason: `cycle`.
    """

    name: str = "intransitive"

    def note(self, judged: JudgedPair) -> tuple[bytes, Note]:
        pair = judged.pair
        prompt = bytes.fromhex(prompt_key(pair.prompt))[:16]
        a, b = (blake2b(text.encode(), digest_size=16).digest() for text in (pair.response_a, pair.response_b))
        if judged.verdict is Verdict.A:
            return prompt, (prompt, a, b)
        return prompt, (prompt, b, a) if judged.verdict is Verdict.B else None

    def drops(self, notes: Mapping[int, tuple[bytes, Note]]) -> dict[int, Drop]:
        beaten: dict[bytes, set[tuple[bytes, bytes]]] = defaultdict(set)
        for _, won in notes.values():
            if won is not None:
                beaten[won[0]].add(won[1:])
        found = {prompt: len(circle) for prompt, wins in beaten.items() if (circle := cycles(wins))}
        return {
            place: Drop("cycle", f"verdicts of its prompt go round in {found[prompt]} circles")
            for place, (prompt, _) in notes.items()
            if prompt in found
        }


def cycles(wins: Iterable[tuple[T, T]]) -> list[tuple[T, ...]]:
    """The circles among wins, (winner, loser): each winner before whom it beats, the last beats the first.

    All circles of three (Kendall and Babington Smith 1940 count these), or one longer where ties leave none of three.
    Each begins with its least.
    """
    won = set(wins)
    names = sorted({name for win in won for name in win})
    threes: list[tuple[T, ...]] = [
        circle
        for one, two, three in combinations(names, 3)
        for circle in ((one, two, three), (one, three, two))
        if {(circle[0], circle[1]), (circle[1], circle[2]), (circle[2], circle[0])} <= won
    ]
    return threes or _longer(won)


def _longer(won: set[tuple[T, T]]) -> list[tuple[T, ...]]:
    sorter: TopologicalSorter[T] = TopologicalSorter()
    for winner, loser in sorted(won):
        sorter.add(loser, winner)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1][:-1]  # each before whom it beats; the first stands again at the end
        least = circle.index(min(circle))
        return [(*circle[least:], *circle[:least])]
    return []
