"""Drops pairs of which a critique quotes what is not there."""

from collections.abc import Iterator
from dataclasses import dataclass

from filters.base import Drop, Share, first
from filters.quotes import Quote, claimed, holds, plain
from filters.slots import side
from filters.texts import Text, prompt_text, texts
from synth.domain import JudgedPair, PairwiseJudgment, Side


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A passage that a critique quotes must be in the response it is attributed to, in the prompt or a reference.

    Case, spaces and punctuation do not count, and of the rest a share of `similarity` must be there (rapidfuzz's
    partial ratio). A critique is about its own response, unless the words before the passage name a slot; where a
    comparison names none, either response will do. Reasons: `quote not found`, `quote from the other response`.
    """

    similarity: Share = 0.85
    name: str = "ungrounded"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return first(self._drops(judged))

    def _drops(self, judged: JudgedPair) -> Iterator[Drop]:
        sources: dict[Side, str] = {}
        context: list[str] = []
        for text in texts(judged):
            for quote in claimed(text.words):
                if not sources:
                    sources = {one: plain(judged.pair.response(one)) for one in Side}
                    context = [plain(prompt_text(judged)), plain(judged.pair.reference)]
                if any(self._holds(one, quote) for one in (*context, plain(text.judgment.reference))):
                    continue
                sides = _attributed(text, quote)
                if any(self._holds(sources[one], quote) for one in sides):
                    continue
                elsewhere = any(self._holds(sources[one], quote) for one in Side if one not in sides)
                reason = "quote from the other response" if elsewhere else "quote not found"
                yield Drop(reason, f'{text.place}: "{quote.text[:160]}"')

    def _holds(self, source: str, quote: Quote) -> bool:
        return holds(source, quote.text, self.similarity)


def _attributed(text: Text, quote: Quote) -> tuple[Side, ...]:
    if isinstance(text.judgment, PairwiseJudgment) and quote.slots:
        return tuple(side(slot, text.judgment.order) for slot in quote.slots)
    return tuple(Side) if text.about is None else (text.about,)
