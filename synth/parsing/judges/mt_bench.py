"""MT-Bench (Zheng et al., NeurIPS 2023): an explanation, then `[[A]]`, `[[B]]` or `[[C]]` for a tie; `[[N]]` alone.

A grade in single brackets is read only after the word "Rating", as they are common in prose.
"""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side
from synth.parsing.judges import one
from synth.parsing.judges.one import Named

_VERDICT = re.compile(r"\[\[([ABC])\]\]")
_RATING = re.compile(r"(?:Rating:\s*)?[\"']?\[\[(\d+(?:\.\d+)?)\]\][\"']?")
_RATING_ONCE = re.compile(r"Rating:\s*[\"']?\[(\d+(?:\.\d+)?)\][\"']?")
_NAMED: dict[str, Named] = {"A": 1, "B": 2, "C": "tie"}


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    named = [_NAMED[mark] for mark in _VERDICT.findall(reply)]
    return one.verdict(named, reply, order, comparison=_VERDICT.sub("", reply))


def parse_pointwise(reply: str, response: Side) -> PointwiseJudgment | ParseFailure:
    pattern = _RATING if _RATING.search(reply) else _RATING_ONCE
    return one.score(pattern.findall(reply), reply, response, critique=pattern.sub("", reply))
