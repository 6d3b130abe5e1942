"""What one reply of the teacher says, in terms of the responses and never of the slots."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """A response of a pair, by identity: the same one in whichever slot it was shown."""

    A = "a"
    B = "b"

    @property
    def other(self) -> "Side":
        """The other response of the pair."""
        return Side.B if self is Side.A else Side.A


class Verdict(StrEnum):
    """Which response is better, by identity."""

    A = "a"
    B = "b"
    TIE = "tie"


class Order(StrEnum):
    """Which response the teacher saw first."""

    AB = "ab"
    BA = "ba"

    @property
    def first(self) -> Side:
        """The response that stood in slot 1."""
        return Side.A if self is Order.AB else Side.B

    @property
    def second(self) -> Side:
        """The response that stood in slot 2."""
        return self.first.other


class Protocol(StrEnum):
    """How the teacher was asked: to compare the pair, or to grade one response alone."""

    PAIRWISE = "pairwise"
    POINTWISE = "pointwise"


@dataclass(frozen=True, slots=True)
class CriterionGrade:
    """The teacher's grade of one response on one criterion of the scenario."""

    criterion: str
    score: float
    comment: str = ""


@dataclass(frozen=True, slots=True)
class PairwiseJudgment:
    """A comparison of both responses, shown in one order.

    `score_a` and `score_b` are on the scale that was asked for, None where the reply format has none.
    `comparison` and the critiques are the teacher's words as written: they still speak of slots.
    """

    order: Order
    verdict: Verdict
    score_a: float | None = None
    score_b: float | None = None
    comparison: str = ""
    critique_a: str = ""
    critique_b: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PointwiseJudgment:
    """A grade of one response, given without knowing the other."""

    response: Side
    score: float
    critique: str = ""
    criteria: tuple[CriterionGrade, ...] = ()
    reference: str = ""


Judgment = PairwiseJudgment | PointwiseJudgment


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """A reply that could not be read: why, and the reply itself. Never a guess, never a sentinel score."""

    reason: str
    raw: str
