"""Drops pairs there is nothing to judge about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from filters.base import Drop, Share, first
from filters.texts import words
from synth.domain import JudgedPair, Side, Verdict

_SHORTEST = 5  # words: a short greeting may be answered with itself
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Degenerate:
    """Both responses must say something of their own, and a winner must differ from the loser.

    `similarity` is the share of characters from which on two texts count as one. Lee et al. 2022 (section 4.2)
    deduplicate at an edit similarity of 0.8; a preference can rest on one word, so that at 0.99 about one word in 500
    characters may differ, and texts with different numbers in them differ. So may a text and its copy with a planted
    flaw, however small that is. MT-Bench's cleaning takes out empty responses. Reasons: `empty response`, `echo of the
    prompt`, `identical with a winner`, `near-identical with a winner`.
    """

    similarity: Share = 0.99
    name: str = "degenerate"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return first(self._drops(judged))

    def _drops(self, judged: JudgedPair) -> Iterator[Drop]:
        asked = _plain(judged.pair.prompt[-1].content) if judged.pair.prompt else ""
        said = {side: _plain(judged.pair.response(side)) for side in Side}
        echo = len(words(asked)) >= _SHORTEST
        for side in Side:
            if not said[side]:
                yield Drop("empty response", f"response {side} says nothing")
            elif echo and self._same(asked, said[side]):
                yield Drop("echo of the prompt", f"response {side} repeats the prompt")
        if judged.verdict in (Verdict.A, Verdict.B):
            if said[Side.A] == said[Side.B]:
                yield Drop("identical with a winner", f"verdict {judged.verdict} over the same text")
            elif not judged.pair.planted and self._same(said[Side.A], said[Side.B]):
                yield Drop("near-identical with a winner", f"verdict {judged.verdict} over nearly the same text")

    def _same(self, one: str, other: str) -> bool:
        if min(len(one), len(other)) < self.similarity * max(len(one), len(other)):
            return False
        if fuzz.ratio(one, other) < 100 * self.similarity:
            return False
        return _NUMBER.findall(one) == _NUMBER.findall(other)


def _plain(text: str) -> str:
    return " ".join(text.split())
