"""JudgeLM (Zhu et al., ICLR 2025): the first line is the two scores, `s1 s2`; the reasons follow."""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing.judges import one

_NUMBER = r"\d{1,3}(?:\.\d+)?"
_SCORES = re.compile(rf"({_NUMBER})(?:\s*,\s*|\s+)({_NUMBER})")


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    """The verdict is the one the scores make; equal ones are a tie."""
    first_line, _, rest = reply.strip().partition("\n")
    found = _SCORES.fullmatch(first_line.strip())
    if found is None:
        reason = "the reply is empty" if not reply.strip() else "the first line is not two scores"
        return ParseFailure(reason, reply)
    first, second = float(found[1]), float(found[2])
    named: one.Named = "tie" if first == second else 1 if first > second else 2
    return one.verdict([named], reply, order, comparison=rest, scores=(first, second))
