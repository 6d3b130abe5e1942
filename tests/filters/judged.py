"""Judged pairs in a few words."""

from dataclasses import replace

from synth.domain import (
    CriterionGrade,
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


def compared(
    order: Order,
    verdict: Verdict,
    a: float | None = None,
    b: float | None = None,
    *,
    says: str = "",
    of_a: str = "",
    of_b: str = "",
) -> PairwiseJudgment:
    return PairwiseJudgment(order, verdict, a, b, says, of_a, of_b)


def graded(side: Side, score: float, says: str = "", **criteria: float) -> PointwiseJudgment:
    return PointwiseJudgment(side, score, says, tuple(CriterionGrade(name, each) for name, each in criteria.items()))


def judged(*outcomes: Judgment | Failure) -> JudgedPair:
    return JudgedPair(
        PAIR,
        tuple(one for one in outcomes if not isinstance(one, Failure)),
        tuple(one for one in outcomes if isinstance(one, Failure)),
    )


def asked(judged: JudgedPair, prompt: str = "q", a: str = "one", b: str = "two", reference: str = "") -> JudgedPair:
    """The same judgments of another prompt and other responses."""
    turn = (Message("user", prompt),)
    return replace(judged, pair=replace(judged.pair, prompt=turn, response_a=a, response_b=b, reference=reference))


def numbered(pairs: list[JudgedPair]) -> list[JudgedPair]:
    """The pairs under ids of their own."""
    return [replace(one, pair=replace(one.pair, id=str(place))) for place, one in enumerate(pairs)]
