"""One answer out of what a reply says, however often it says it."""

from collections.abc import Iterable
from typing import Literal

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side, Verdict
from synth.parsing.slots import Slot, verdict_of_slot

Named = Slot | Literal["tie"]
_ENDLESS = 1e9  # a judge may write more digits than a float holds


def verdict(
    named: Iterable[Named],
    reply: str,
    order: Order,
    *,
    comparison: str = "",
    reference: str = "",
    scores: tuple[float, float] | None = None,
) -> PairwiseJudgment | ParseFailure:
    """The judgment of a reply that names one winner, or a tie; `scores` are those of the slots."""
    found = set(named)
    if not found:
        return ParseFailure("the reply is empty" if not reply.strip() else "the reply names no winner", reply)
    if len(found) > 1:
        return ParseFailure("the reply names more than one winner", reply)
    one = found.pop()
    by_side = dict(zip((order.first, order.second), scores, strict=True)) if scores else {}
    return PairwiseJudgment(
        order=order,
        verdict=Verdict.TIE if one == "tie" else verdict_of_slot(one, order),
        score_a=by_side.get(Side.A),
        score_b=by_side.get(Side.B),
        comparison=comparison.strip(),
        reference=reference.strip(),
    )


def score(named: Iterable[str], reply: str, response: Side, *, critique: str) -> PointwiseJudgment | ParseFailure:
    """The grade of a reply that gives one number."""
    found = {float(number) for number in named}
    if any(number > _ENDLESS for number in found):
        return ParseFailure("the reply gives a score that no scale has", reply)
    if not found:
        return ParseFailure("the reply is empty" if not reply.strip() else "the reply gives no score", reply)
    if len(found) > 1:
        return ParseFailure("the reply gives more than one score", reply)
    return PointwiseJudgment(response, found.pop(), critique.strip())
