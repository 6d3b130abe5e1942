"""Do the teacher's scores go with what people prefer?"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from synth.audit.intervals import Array, Estimate, resampled

Correlate = Callable[[Array, Array], Any]  # a result of scipy: the correlation and its p-value


def correlations(gap: Array, human: Array) -> dict[str, Estimate]:
    """Of the score gap (a minus b) with the human preference: 1 for a, -1 for b, the mean where several said.

    Undefined where either is the same for all.
    """
    from scipy import stats

    kinds: dict[str, Correlate] = {
        "spearman": stats.spearmanr,
        "kendall": stats.kendalltau,  # tau-b, which allows for ties
        "pearson": stats.pearsonr,
    }
    both = ~np.isnan(gap) & ~np.isnan(human)
    gap, human = gap[both], human[both]
    return {name: resampled(partial(_of, kind), gap, human) for name, kind in kinds.items()}


def _of(kind: Correlate, gap: Array, human: Array) -> float:
    if np.ptp(gap) == 0 or np.ptp(human) == 0:
        return float("nan")
    return float(kind(gap, human)[0])


def preference(human: Array, votes: Array) -> Array:
    """The mean of the annotators' votes where there are any, else the label."""
    given = votes.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(given > 0, (votes[:, 0] - votes[:, 2]) / given, human)
