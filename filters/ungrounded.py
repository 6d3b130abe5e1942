"""Drops pairs of which a critique quotes what is not there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from filters.base import Drop, Share, first
from filters.quotes import Quote, claimed, has, parts, plain
from filters.slots import side
from filters.texts import Text, prompt_text, texts
from synth.domain import JudgedPair, PairwiseJudgment, Side

SIMILARITY = 0.85


@dataclass(frozen=True, slots=True)
class Claim:
    """A passage that a text of the teacher claims to quote, and where it stands.

    `found` is `response` for the one it is attributed to, `context` for the prompt or a reference, `other` for the
    other response, `nowhere`.
    """

    text: Text
    quote: Quote
    found: Literal["response", "context", "other", "nowhere"]


def claims(judged: JudgedPair, similarity: float = SIMILARITY) -> Iterator[Claim]:
    """Every passage that is claimed as a quotation, as `Ungrounded` sees it."""
    sources: dict[Side, str] = {}
    context: list[str] = []
    for text in texts(judged):
        for quote in claimed(text.words):
            if not sources:
                sources = {one: plain(judged.pair.response(one)) for one in Side}
                context = [plain(prompt_text(judged)), plain(judged.pair.reference)]
            wanted = parts(quote.text)
            if any(has(one, wanted, similarity) for one in (*context, plain(text.judgment.reference))):
                yield Claim(text, quote, "context")
                continue
            sides = _attributed(text, quote)
            if any(has(sources[one], wanted, similarity) for one in sides):
                yield Claim(text, quote, "response")
                continue
            elsewhere = any(has(sources[one], wanted, similarity) for one in Side if one not in sides)
            yield Claim(text, quote, "other" if elsewhere else "nowhere")


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A passage that a critique quotes must be in the response it is attributed to, in the prompt or a reference.

    Case, spaces and punctuation do not count, and of the rest a share of `similarity` must be there (rapidfuzz's
    partial ratio). A critique is about its own response, unless the words before the passage name a slot; where a
    comparison names none, either response will do. Reasons: `quote not found`, `quote from the other response`.
    """

    similarity: Share = SIMILARITY
    name: str = "ungrounded"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return first(self._drops(judged))

    def _drops(self, judged: JudgedPair) -> Iterator[Drop]:
        for claim in claims(judged, self.similarity):
            if claim.found in ("other", "nowhere"):
                reason = "quote from the other response" if claim.found == "other" else "quote not found"
                yield Drop(reason, f'{claim.text.place}: "{claim.quote.text[:160]}"')


def _attributed(text: Text, quote: Quote) -> tuple[Side, ...]:
    if isinstance(text.judgment, PairwiseJudgment) and quote.slots:
        return tuple(side(slot, text.judgment.order) for slot in quote.slots)
    return tuple(Side) if text.about is None else (text.about,)
