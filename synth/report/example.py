"""One pair as the browser of the report shows it: plain values for JSON, with marks for quotations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filters.ungrounded import claims
from synth.domain import JudgedPair, Order, Pair, PairwiseJudgment, PointwiseJudgment, Side
from synth.report.facts import Fate

_LONGEST = 20_000  # characters of one text that the page holds
_SNIPPET = 160

Marks = Mapping[tuple[str, str], list[tuple[int, int, str]]]  # by place and text
Shown = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """`line` is what the list shows and filters by, `detail` all the rest as JSON: small to send between processes."""

    line: dict[str, str]
    fate: Fate
    detail: str


def judged_example(judged: JudgedPair, fate: Fate, why: str, verdict: str, similarity: float) -> Example:
    """`verdict` is what the run says of the pair, `why` the detail of a drop. Quotations as `Ungrounded` has them."""
    marks = _marks(judged, similarity)
    by_order = {one.order: one for one in judged.comparisons}
    detail = {
        **_pair(judged.pair),
        "why": why,
        "orders": {str(order): _comparison(by_order[order], marks) for order in Order if order in by_order},
        "alone": {str(one.response): _grade(one, marks) for one in judged.grades},
        "failures": [[one.ask.name, one.reason, one.detail, _cut(one.raw)] for one in judged.failures],
    }
    verdicts = [str(by_order[order].verdict) if order in by_order else "" for order in Order]
    return Example(_line(judged.pair, verdict, verdicts), fate, as_json(detail))


def unjudged_example(pair: Pair | None, fate: Fate, why: str, raw: str) -> Example:
    """A row of the input that was set aside; `raw` is the row itself where no pair could be made of it."""
    shown = _pair(pair) if pair else {}
    nothing: dict[str, Any] = {"orders": {}, "alone": {}, "failures": []}
    line = _line(pair, "", ["", ""]) if pair else _nameless(raw)
    return Example(line, fate, as_json({**shown, **nothing, "why": why, "raw": _cut(raw)}))


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _line(pair: Pair, verdict: str, verdicts: list[str]) -> dict[str, str]:
    return {
        "id": pair.id,
        "scenario": pair.scenario,
        "verdict": verdict,
        "orders": "/".join(verdicts) if any(verdicts) else "",
        "human": str(pair.human_label or ""),
        "text": " ".join(pair.prompt[-1].content[: 4 * _SNIPPET].split())[:_SNIPPET],
    }


def _nameless(raw: str) -> dict[str, str]:
    empty = dict.fromkeys(("id", "scenario", "verdict", "orders", "human"), "")
    return {**empty, "text": " ".join(raw[: 4 * _SNIPPET].split())[:_SNIPPET]}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "prompt": [[turn.role, _cut(turn.content)] for turn in pair.prompt],
        "a": _cut(pair.response_a),
        "b": _cut(pair.response_b),
        "lengths": [len(pair.response_a), len(pair.response_b)],
        "reference": _cut(pair.reference),
        "referenceSource": pair.reference_source,
        "models": [pair.model_a, pair.model_b],
        "made": _made(pair),
        "labels": [str(one) for one in pair.human_labels],
        "source": pair.source,
    }


def _made(pair: Pair) -> list[str]:
    """What is known of the responses by how they were made."""
    targets = [f"{side} was written to earn {score:g}" for side in Side if (score := pair.target(side)) is not None]
    return [*targets, *([f"planted in {pair.flawed}: {pair.planted}"] if pair.planted else [])]


def _comparison(one: PairwiseJudgment, marks: Marks) -> dict[str, Any]:
    place = f"pairwise {one.order}"
    return {
        "verdict": str(one.verdict),
        "scores": [one.score_a, one.score_b],
        "comparison": _marked(f"{place} comparison", one.comparison, marks),
        "a": _marked(f"{place} critique_a", one.critique_a, marks),
        "b": _marked(f"{place} critique_b", one.critique_b, marks),
        "reference": _cut(one.reference),
    }


def _grade(one: PointwiseJudgment, marks: Marks) -> dict[str, Any]:
    place = f"pointwise {one.response}"
    return {
        "score": one.score,
        "critique": _marked(f"{place} critique", one.critique, marks),
        "criteria": [
            [each.criterion, each.score, _marked(f"{place} {each.criterion}", each.comment, marks)]
            for each in one.criteria
        ],
        "reference": _cut(one.reference),
    }


def _marks(judged: JudgedPair, similarity: float) -> Marks:
    """Where each claimed quotation starts and ends, in the units of JavaScript's strings, and where it was found."""
    found: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    after: dict[tuple[str, str], int] = {}
    for claim in claims(judged, similarity):
        text, quote = claim.text.words, claim.quote.text
        place = (claim.text.place, text)
        start = text.find(quote, after.get(place, 0))
        if start < 0:
            continue  # it goes around a block of code
        after[place] = end = start + len(quote)
        found.setdefault(place, []).append((_utf16(text, start), _utf16(text, end), claim.found))
    return found


def _utf16(text: str, place: int) -> int:
    return place if text.isascii() else len(text[:place].encode("utf-16-le")) // 2


def _marked(place: str, text: str, marks: Marks) -> Shown:
    shown = _cut(text)
    if not (quotes := marks.get((place, text))):
        return shown
    return {"quotes": quotes, **(shown if isinstance(shown, dict) else {"text": shown})}


def _cut(text: str) -> Shown:
    """Very long texts are cut: they are whole in the run folder's tables."""
    return text if len(text) <= _LONGEST else {"text": text[:_LONGEST], "more": len(text) - _LONGEST}
