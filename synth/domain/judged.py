"""A pair with everything the teacher was asked about it and what came back."""

from dataclasses import dataclass

from synth.domain.judgment import (
    Judgment,
    Order,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.domain.pair import Pair


@dataclass(frozen=True, slots=True)
class Ask:
    """One question about a pair: compare it in an `order`, or grade one `response` alone.

    Exactly one of the two is set, as the protocol says.
    """

    protocol: Protocol
    order: Order | None = None
    response: Side | None = None

    @property
    def name(self) -> str:
        """`pairwise ab`, `pointwise b`, ...: how people and tables name it."""
        return f"{self.protocol} {self.order or self.response}"


def asks(protocols: tuple[Protocol, ...]) -> tuple[Ask, ...]:
    """Every question of a pair: both orders, then both responses, as far as the protocols are wanted."""
    pairwise = tuple(Ask(Protocol.PAIRWISE, order=order) for order in Order)
    pointwise = tuple(Ask(Protocol.POINTWISE, response=side) for side in Side)
    return (pairwise if Protocol.PAIRWISE in protocols else ()) + (pointwise if Protocol.POINTWISE in protocols else ())


@dataclass(frozen=True, slots=True)
class Failure:
    """An ask that brought no judgment: a short `reason`, the `detail`, and the reply where there was one."""

    ask: Ask
    reason: str
    detail: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A second round of asking: `by` whom or how, and the `filter` and `reason` that spoke against the first."""

    by: str
    filter: str
    reason: str

    @property
    def first_objection(self) -> str:
        return f"{self.filter}: {self.reason}"


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair with its judgments, at most one an ask; what brought none is among the failures.

    `settled` is the verdict that a rule made of judgments which differ; what the teacher wrote may say another.
    `again` is set where the judgments are those of a second round.
    `asked` is a mark of what the teacher was asked, empty where that is not known. `carried` where the pair was kept in
    a published dataset and is taken from there: a comparison in order ba, which it passed with, is not here.
    """

    pair: Pair
    judgments: tuple[Judgment, ...] = ()
    failures: tuple[Failure, ...] = ()
    settled: Verdict | None = None
    again: AskedAgain | None = None
    asked: str = ""
    carried: bool = False

    def comparison(self, order: Order) -> PairwiseJudgment | None:
        """The one made in that order; None where it was not asked for, or brought no judgment."""
        return next((one for one in self.comparisons if one.order is order), None)

    def grade(self, side: Side) -> PointwiseJudgment | None:
        """That of one response alone; None where it was not asked for, or brought no judgment."""
        return next((one for one in self.grades if one.response is side), None)

    def outcome(self, ask: Ask) -> Judgment | Failure | None:
        """What an ask brought; None where it was not made."""
        made = self.comparison(ask.order) if ask.order else self.grade(ask.response or Side.A)
        return made or next((one for one in self.failures if one.ask == ask), None)

    @property
    def comparisons(self) -> tuple[PairwiseJudgment, ...]:
        """At most one an order."""
        return tuple(one for one in self.judgments if isinstance(one, PairwiseJudgment))

    @property
    def grades(self) -> tuple[PointwiseJudgment, ...]:
        """At most one a response."""
        return tuple(one for one in self.judgments if isinstance(one, PointwiseJudgment))

    @property
    def verdict(self) -> Verdict | None:
        """The one that was settled, or what the teacher says of the pair: the verdict all its comparisons share.

        Where it was not asked to compare, the response with the higher grade; equal grades are a tie. None where
        comparisons differ or nothing was judged.
        """
        if self.settled is not None:
            return self.settled
        verdicts = {one.verdict for one in self.comparisons}
        if verdicts:
            return verdicts.pop() if len(verdicts) == 1 else None
        grade_a, grade_b = self.grade(Side.A), self.grade(Side.B)
        if grade_a is None or grade_b is None:
            return None
        if grade_a.score == grade_b.score:
            return Verdict.TIE
        return Verdict.A if grade_a.score > grade_b.score else Verdict.B
