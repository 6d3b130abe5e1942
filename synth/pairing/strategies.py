"""Which two of a prompt's responses are judged. Neither who is stored first nor any label has a part in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from synth.pairing.response import Response

Two = tuple[Response, Response]
KINDS = ("hard", "easy", "tied")


@dataclass(slots=True)
class Strategy:
    """`most` pairs are taken of a prompt, the first by lot of those that fit."""

    most: int = 1
    lacking: str = "too few responses"  # the reason where no two of a prompt fit

    def fits(self, one: Response, other: Response) -> bool:
        return True

    def chosen(self, pairs: Sequence[Two]) -> Sequence[Two]:
        """`pairs` are those that fit, in the order of their lots."""
        return pairs[: self.most]


class Random(Strategy):
    """Any two."""


class Every(Strategy):
    """All pairs, as a ranking needs them."""

    def chosen(self, pairs: Sequence[Two]) -> Sequence[Two]:
        return pairs


@dataclass(slots=True)
class DifferentModels(Strategy):
    """Two of different models. A response without a model's name is none of a model that is named."""

    lacking: str = "no two of different models"

    def fits(self, one: Response, other: Response) -> bool:
        return one.model != other.model


@dataclass(slots=True)
class SimilarLength(Strategy):
    """Two of which the longer has at most `length_ratio` times the characters of the other.

    Judges prefer the longer response (Dubois et al. 2024); here its length is no clue.
    """

    length_ratio: float = 1.3
    lacking: str = "no two of similar length"

    def fits(self, one: Response, other: Response) -> bool:
        short, long = sorted((len(one.text), len(other.text)))
        return long <= self.length_ratio * short


@dataclass(slots=True)
class Spread(Strategy):
    """Two of the kind that is wanted, as far as the prompt has it.

    A gap of the grades of 0 makes a tied pair, one of at most `margin` a hard one, any other an easy one; `shares` are
    of hard, easy and tied. Each prompt gives the kind that is furthest from its share after the prompts before it
    (`made` counts them), so that a run of the first few prompts takes the pairs that a run of all of them will take.
    """

    margin: float = 2.0
    shares: tuple[float, float, float] = (1.0, 1.0, 1.0)
    lacking: str = "no two with the grades wanted"
    made: Counter[str] = field(default_factory=Counter)

    def fits(self, one: Response, other: Response) -> bool:
        return one.grade is not None and other.grade is not None and self._share(self.kind(one, other)) > 0

    def chosen(self, pairs: Sequence[Two]) -> Sequence[Two]:
        left = list(pairs)
        taken: list[Two] = []
        while left and len(taken) < self.most:
            wanted = max(left, key=lambda two: self._short_of(self.kind(*two)))  # of equals, the first by lot
            self.made[self.kind(*wanted)] += 1
            taken.append(wanted)
            left.remove(wanted)
        return taken

    def kind(self, one: Response, other: Response) -> str:
        gap = abs((one.grade or 0.0) - (other.grade or 0.0))
        return "tied" if gap == 0 else "hard" if gap <= self.margin else "easy"

    def _share(self, kind: str) -> float:
        return self.shares[KINDS.index(kind)] / sum(self.shares)

    def _short_of(self, kind: str) -> float:
        return self._share(kind) * (self.made.total() + 1) - self.made[kind]


STRATEGIES: dict[str, type[Strategy]] = {
    "random": Random,
    "every": Every,
    "different_models": DifferentModels,
    "similar_length": SimilarLength,
    "spread": Spread,
}
