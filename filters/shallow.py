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
        enough = self.min_words * _LONGEST_WORD  # characters, of which the rest need not be counted
        counts = {text.place: len(words(without_names(text.words[:enough]))) for text in texts_of(one)}
        if not any(counts.values()):
            return
        if isinstance(one, PointwiseJudgment):
            place = f"pointwise {one.response}"
            if sum(counts.values()) < self.min_words:
                yield Drop("too short", f"{place}: {sum(counts.values())} words")
            return
        place = f"pairwise {one.order}"
        if one.critique_a.strip() or one.critique_b.strip():
            for name in ("critique_a", "critique_b"):
                if counts.get(f"{place} {name}", 0) < self.min_words:
                    yield Drop("too short", f"{place} {name}: {counts.get(f'{place} {name}', 0)} words")
            return
        if counts[f"{place} comparison"] < self.min_words:
            yield Drop("too short", f"{place} comparison: {counts[f'{place} comparison']} words")
        elif self.both_sides and len({mention.slot for mention in mentions(one.comparison) if mention.slot}) < 2:
            yield Drop("one side only", f"{place} comparison: names one response or none")
