"""Drops pairs whose prompt is in a benchmark that the user wants to measure with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from filters.base import Count, Drop
from filters.texts import words
from synth.domain import JudgedPair

_LEAST_WORDS = 5  # "Tell me a joke" is in every benchmark, and in every training set


@dataclass(frozen=True, slots=True)
class Contaminated:
    """No `n` words in a row of a message may stand in a benchmark's prompt.

    13 words, without case and punctuation, as for GPT-3 (Brown et al. 2020, appendix C). Prompts shorter than that
    count where they are equal as a whole, from five words on. `benchmarks` are files or Hub ids, whose `column` holds
    the prompt (text or messages) and whose `split` is read; what was read is `ngrams`. 97 of Auto-J's 1,392 test
    prompts are among its training prompts. Reason: `benchmark prompt`.
    """

    benchmarks: Sequence[str] = ()
    n: Count = 13
    column: str = "prompt"
    split: str = "train"
    ngrams: frozenset[int] = field(default=frozenset(), repr=False)
    name: str = "contaminated"

    def against(self, prompts: Iterable[str]) -> "Contaminated":
        """The filter with what benchmarks hold."""
        return replace(self, ngrams=frozenset(hash(gram) for prompt in prompts for gram in self._grams(prompt)))

    def __call__(self, judged: JudgedPair) -> Drop | None:
        for message in judged.pair.prompt:
            for gram in self._grams(message.content):
                if hash(gram) in self.ngrams:
                    return Drop("benchmark prompt", f"a benchmark has: {' '.join(gram)[:160]}")
        return None

    def _grams(self, text: str) -> Iterator[tuple[str, ...]]:
        found = words(text)
        if len(found) >= self.n:
            for start in range(len(found) - self.n + 1):
                yield tuple(found[start : start + self.n])
        elif len(found) >= _LEAST_WORDS:
            yield tuple(found)
