"""Drops pairs whose verdict changes with the order the responses are shown in."""

from dataclasses import dataclass

from filters.base import Drop
from synth.domain import JudgedPair, Order, Verdict


@dataclass(frozen=True, slots=True)
class OrderUnstable:
    """Both orders must bring the same verdict.

    MT-Bench (section 3.4) counts a disagreement as a tie; PandaLM (section 3.1) drops it, as is done here. Pairs that
    were not compared in both orders are left alone. Reasons: `verdict flips` (the winner is the same slot both times),
    `tie in one order`.
    """

    name: str = "order_unstable"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        ab, ba = judged.comparison(Order.AB), judged.comparison(Order.BA)
        if ab is None or ba is None or ab.verdict is ba.verdict:
            return None
        if Verdict.TIE in (ab.verdict, ba.verdict):
            return Drop("tie in one order", f"ab says {ab.verdict}, ba says {ba.verdict}")
        slot = "first" if ab.verdict is Verdict.A else "second"
        return Drop("verdict flips", f"the response shown {slot} wins both times")
