"""Judged pairs in a few words."""

from synth.domain import (
    Failure,
    JudgedPair,
    Judgment,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
    asks,
)

PAIR = Pair("p", (Message("user", "q"),), "one", "two", "others")
A, B, TIE = Verdict.A, Verdict.B, Verdict.TIE
AB, BA = Order
EVERY = asks(tuple(Protocol))


def compared(order: Order, verdict: Verdict, a: float | None = None, b: float | None = None) -> PairwiseJudgment:
    return PairwiseJudgment(order, verdict, a, b)


def graded(side: Side, score: float) -> PointwiseJudgment:
    return PointwiseJudgment(side, score)


def judged(*outcomes: Judgment | Failure) -> JudgedPair:
    return JudgedPair(
        PAIR,
        tuple(one for one in outcomes if not isinstance(one, Failure)),
        tuple(one for one in outcomes if isinstance(one, Failure)),
    )
