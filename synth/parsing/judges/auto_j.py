"""Auto-J (Li et al., "Generative Judge for Evaluating Alignment", ICLR 2024): a critique, then a decision or a rating.

A comparison ends "So, the final decision is Response 1 / Response 2 / Tie", a grade "Rating: [[N]]".
"""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side
from synth.parsing.judges import one
from synth.parsing.judges.one import Named

_DECISION = re.compile(
    r"(?:so,? )?(?:the |my )?final decision is:?\s*[*\"']*(?P<named>response [12]|tie)\b[*\"']*"
    r"(?!\s*(?:/|or\b|and\b))\.?",
    re.IGNORECASE,
)
_RATING = re.compile(r"Rating:\s*\[\[\s*(\d+(?:\.\d+)?)\s*\]\]")
_NAMED: dict[str, Named] = {"response 1": 1, "response 2": 2, "tie": "tie"}


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    named = [_NAMED[match["named"].lower()] for match in _DECISION.finditer(reply)]
    return one.verdict(named, reply, order, comparison=_DECISION.sub("", reply))


def parse_pointwise(reply: str, response: Side) -> PointwiseJudgment | ParseFailure:
    return one.score(_RATING.findall(reply), reply, response, critique=_RATING.sub("", reply))
