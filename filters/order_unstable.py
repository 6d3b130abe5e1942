"""Drops pairs whose judgment changes with the order the responses are shown in."""

from dataclasses import dataclass
from typing import Literal

from filters.base import Drop, Margin, Settle
from synth.domain import JudgedPair, Order, Side, Verdict


@dataclass(frozen=True, slots=True)
class OrderUnstable:
    """Both orders must bring the same verdict, and scores that differ by `score_margin` points at most.

    `policy` is what becomes of verdicts that differ: PandaLM (section 3.1) drops them, MT-Bench (section 3.4) and
    JudgeLM count them as a tie. Where a config has a section `rescue`, what would be dropped is asked about again
    first; the policy `rescue` says that it must be, and is refused without that section. Drifting scores are dropped
    whatever the policy; None leaves them alone, and so are pairs that were not compared in both orders. Reasons:
    `verdict flips` (the winner is the same slot both times), `tie in one order`, `scores drift`.
    """

    policy: Literal["drop", "tie", "rescue"] = "drop"
    score_margin: Margin | None = 3
    name: str = "order_unstable"

    def __call__(self, judged: JudgedPair) -> Drop | Settle | None:
        ab, ba = judged.comparison(Order.AB), judged.comparison(Order.BA)
        if ab is None or ba is None:
            return None
        if ab.verdict is not ba.verdict:
            return Settle(Verdict.TIE) if self.policy == "tie" else _differs(ab.verdict, ba.verdict)
        for side, one, other in ((Side.A, ab.score_a, ba.score_a), (Side.B, ab.score_b, ba.score_b)):
            if self.score_margin is None or one is None or other is None:
                continue
            if abs(one - other) > self.score_margin:
                return Drop("scores drift", f"{side} has {one:g} in order ab and {other:g} in order ba")
        return None


def _differs(ab: Verdict, ba: Verdict) -> Drop:
    if Verdict.TIE in (ab, ba):
        return Drop("tie in one order", f"ab says {ab}, ba says {ba}")
    slot = "first" if ab is Verdict.A else "second"
    return Drop("verdict flips", f"the response shown {slot} wins both times")
