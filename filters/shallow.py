"""Drops pairs whose critiques say next to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from filters.base import Count, Drop, first
from filters.slots import mentions, without_names
from filters.texts import texts_of, words
from synth.domain import JudgedPair, PairwiseJudgment, PointwiseJudgment

_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Shallow:
    """A judgment with words must have `min_words` of them about each response, names of slots not counted.

    With `both_sides`, a comparison without separate critiques must name both responses. Judgments that are a bare
    verdict ("Output (a)") are left alone, which is `malformed`'s `bare`; what rows share word for word is
    `boilerplate`. A student learns to write what it is shown: a verdict with half a sentence teaches no reasons.
    Reasons: `one side only`, `too short`.
    """

    min_words: Count = 5
    both_sides: bool = False
    name: str = "shallow"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return first(drop for one in judged.judgments for drop in self._drops(one))

    def _drops(self, one: PairwiseJudgment | PointwiseJudgment) -> Iterator[Drop]:
        if isinstance(one, PointwiseJudgment):
            yield from self._of_grade(one)
        elif one.critique_a.strip() or one.critique_b.strip():
            yield from self._of_critiques(one)
        else:
            yield from self._of_comparison(one)

    def _of_grade(self, one: PointwiseJudgment) -> Iterator[Drop]:
        count = 0
        for text in texts_of(one):
            count += self._count(text.words)
            if count >= self.min_words:
                return
        if count:
            yield Drop("too short", f"pointwise {one.response}: {count} words")

    def _of_critiques(self, one: PairwiseJudgment) -> Iterator[Drop]:
        counts = {"critique_a": self._count(one.critique_a), "critique_b": self._count(one.critique_b)}
        short = {name: count for name, count in counts.items() if count < self.min_words}
        if short and (any(counts.values()) or self._count(one.comparison)):
            for name, count in short.items():
                yield Drop("too short", f"pairwise {one.order} {name}: {count} words")

    def _of_comparison(self, one: PairwiseJudgment) -> Iterator[Drop]:
        count = self._count(one.comparison)
        if 0 < count < self.min_words:
            yield Drop("too short", f"pairwise {one.order} comparison: {count} words")
        elif count and self.both_sides and len({each.slot for each in mentions(one.comparison) if each.slot}) < 2:
            yield Drop("one side only", f"pairwise {one.order} comparison: names one response or none")

    def _count(self, text: str) -> int:
        """Words but for names of slots; what comes after enough characters need not be counted."""
        return len(words(without_names(text[: self.min_words * _LONGEST_WORD])))
