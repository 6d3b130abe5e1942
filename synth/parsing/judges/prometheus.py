"""Prometheus and Prometheus 2 (Kim et al., 2023 and 2024): `Feedback: ... [RESULT] N`, or `A` or `B` for a pair.

Grades are 1 to 5, and a pair has no tie. What its own parser also takes ("Score: 4", "Result: A") counts where the
reply has no [RESULT].
"""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side
from synth.parsing.judges import one
from synth.parsing.judges.one import Named

# A grade may be "4", "(4)", "4/5" or "4 out of 5", and is no part of a longer number or of a choice ("1 or 2").
_GRADE = r"[\s(\[]*([1-5])(?:\s*/\s*5\b|\s+out\s+of\s+5\b)?(?![\w/]|\.\d|\s*(?:or|to|and|-|/)\s*\d)"
_GRADES = (
    re.compile(rf"(?i:\[(?:RESULT|SCORE)\]):?{_GRADE}"),
    re.compile(rf"(?i:\b(?:score|result):|\bscore of){_GRADE}"),
)
_LETTER = r"\s*(?:[Rr]esponse\s+)?([AB])(?!\w|\s*(?:or|and|/)\s*(?:[Rr]esponse\s+)?[AB]\b)\]?"
_LETTERS = (
    re.compile(rf"(?i:\[RESULT\]:?|\[RESULT:){_LETTER}"),
    re.compile(rf"^(?i:Result:?){_LETTER}(?=\s|$)", re.MULTILINE),
)
_NAMED: dict[str, Named] = {"A": 1, "B": 2}
_HEADING = re.compile(r"^\s*(?:###\s*)?Feedback:\s*", re.IGNORECASE)


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    pattern = _first(_LETTERS, reply)
    named = [_NAMED[letter] for letter in pattern.findall(reply)]
    return one.verdict(named, reply, order, comparison=_feedback(pattern, reply))


def parse_pointwise(reply: str, response: Side) -> PointwiseJudgment | ParseFailure:
    pattern = _first(_GRADES, reply)
    return one.score(pattern.findall(reply), reply, response, critique=_feedback(pattern, reply))


def _first(patterns: tuple[re.Pattern[str], ...], reply: str) -> re.Pattern[str]:
    return next((pattern for pattern in patterns if pattern.search(reply)), patterns[0])


def _feedback(pattern: re.Pattern[str], reply: str) -> str:
    return _HEADING.sub("", pattern.sub("", reply))
