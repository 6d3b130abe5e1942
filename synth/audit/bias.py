"""What sways the teacher beside the responses' quality, next to what sways people. Verdicts are numbers as in
`synth.audit.labelled`."""

from dataclasses import dataclass

import numpy as np

from synth.audit.agreement import agreement
from synth.audit.intervals import Array, Estimate, mean


@dataclass(frozen=True, slots=True)
class PositionBias:
    """`to_first` and `to_second`: the share of pairs in which that slot wins in both orders (MT-Bench, table 2).

    `leaning` is how much more often the first slot wins than the second, of all comparisons: 0 for none, 1 always.
    """

    to_first: Estimate
    to_second: Estimate
    leaning: Estimate


@dataclass(frozen=True, slots=True)
class Against:
    """A rate of the teacher, the humans' own over the same pairs, and the difference."""

    teacher: Estimate
    human: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class TieGap:
    """The score gap up to which calling a tie gives as many ties as people give.

    `ties` is the share of ties it makes, `human_ties` that of the people. It was chosen on the very labels that
    `agreement` is measured with; `agreement_at_zero` is that of the bare scores, of which only equal ones tie.
    """

    gap: float
    ties: float
    human_ties: float
    agreement: Estimate
    agreement_at_zero: Estimate


def position_bias(ab: Array, ba: Array) -> PositionBias:
    """Over pairs that were compared in both orders."""
    both = ~np.isnan(ab) & ~np.isnan(ba)
    first_in_ab, first_in_ba = ab[both], -ba[both]  # 1 where the first slot wins, in either order
    return PositionBias(
        to_first=mean(((first_in_ab == 1) & (first_in_ba == 1)).astype(float)),
        to_second=mean(((first_in_ab == -1) & (first_in_ba == -1)).astype(float)),
        leaning=mean((first_in_ab + first_in_ba) / 2),
    )


def longer_wins(verdict: Array, human: Array, longer: Array) -> Against:
    """Over pairs that both decide, with responses of different length."""
    decided = np.isin(verdict, (1, -1)) & np.isin(human, (1, -1)) & (longer != 0)
    return _against((verdict == longer)[decided], (human == longer)[decided])


def tie_rate(verdict: Array, human: Array) -> Against:
    there = ~np.isnan(verdict) & ~np.isnan(human)
    return _against((verdict == 0)[there], (human == 0)[there])


def tie_gap(gap: Array, human: Array) -> TieGap | None:
    """None where there are no scores. As MT-Bench's tie delta for grades of single responses, but fitted to people."""
    there = ~np.isnan(gap) & ~np.isnan(human)
    gap, human = gap[there], human[there]
    if not gap.size:
        return None
    wanted = float(np.mean(human == 0))
    sizes, counts = np.unique(np.abs(np.append(gap, 0.0)), return_counts=True)
    counts[0] -= 1  # the zero that was added, so that it is always among the sizes
    shares = np.cumsum(counts) / gap.size
    best = int(np.argmin(np.abs(shares - wanted)))
    calibrated = np.where(np.abs(gap) <= sizes[best], 0.0, np.sign(gap))
    return TieGap(
        gap=float(sizes[best]),
        ties=float(shares[best]),
        human_ties=wanted,
        agreement=agreement(calibrated, human),
        agreement_at_zero=agreement(np.sign(gap), human),
    )


def _against(teacher: Array, human: Array) -> Against:
    mine, theirs = teacher.astype(float), human.astype(float)
    return Against(mean(mine), mean(theirs), mean(mine - theirs))
