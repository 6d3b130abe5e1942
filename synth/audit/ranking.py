"""Responses to one prompt in the order of their verdicts: the one door to choix, which fits Bradley-Terry."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_PENALTY = 0.1  # without one, whoever won every time would be infinitely strong
_DIGITS = 4  # what differs by less is equal


@dataclass(frozen=True, slots=True)
class Ranked:
    """`strength` is the log of the Bradley-Terry parameter, around 0; `rank` is 1 for the best, shared by equals."""

    rank: int
    strength: float


def ranked(size: int, wins: Sequence[tuple[int, int]], ties: Sequence[tuple[int, int]]) -> list[Ranked]:
    """Of `size` items, by (winner, loser) and by pairs that tie: half a win for each."""
    strengths = _strengths(size, tuple(sorted(wins)), tuple(sorted((min(tie), max(tie)) for tie in ties)))
    return [Ranked(1 + sum(other > one for other in strengths), one) for one in strengths]


@lru_cache(maxsize=65_536)  # few responses have few ways to beat each other, and a fit takes 10 ms
def _strengths(size: int, wins: tuple[tuple[int, int], ...], ties: tuple[tuple[int, int], ...]) -> tuple[float, ...]:
    import choix

    said = [*wins, *wins, *ties, *((other, one) for one, other in ties)]
    if not said:
        return (0.0,) * size
    fitted = choix.opt_pairwise(size, said, alpha=_PENALTY)
    return tuple(round(float(one), _DIGITS) + 0.0 for one in fitted)  # + 0.0: no minus zero
