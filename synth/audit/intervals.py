"""Estimates with intervals: Wilson's of shares, of everything else the bootstrap's.

The percentile bootstrap (Efron & Tibshirani, "An Introduction to the Bootstrap", section 13.3) over pairs, with a fixed
seed, so that the same labels always say the same. Values that are few and repeat (0 and 1, cells of a table) are not
drawn row by row: how often each comes up in a resample is multinomial, which is the same and costs nothing by the row.
Where every row has the same value a bootstrap's interval has no width, however few rows there are; look at n.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

RESAMPLES = 2000
LEVEL = 0.95
SEED = 0
_MOST_DRAWS = 4_000_000  # rows drawn for statistics that need whole resamples
_LEAST_RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic over `n` rows, with the bounds of its interval; None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        if self.value is None:
            return f"undefined, n {self.n}"
        interval = "" if self.low is None else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{interval} n {self.n}"


def mean(values: Array) -> Estimate:
    """The mean of few different values; of zeros and ones it is a share."""
    levels, counts = np.unique(values, return_counts=True)
    if set(levels) <= {0.0, 1.0}:
        return share(int(values.sum()), values.size)
    return of_table(counts, lambda tables: tables @ levels / tables.sum(axis=-1))


def share(hits: int, n: int) -> Estimate:
    """A share of few rows, with Wilson's score interval (Wilson 1927).

    It has a width where all or none hit, which is what a good teacher does, and where a bootstrap says nothing.
    """
    if not n:
        return Estimate(None, None, None, 0)
    value, z = hits / n, NormalDist().inv_cdf((1 + LEVEL) / 2)
    middle = (value + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    return Estimate(value, max(middle - half, 0.0), min(middle + half, 1.0), n)


def of_table(table: Counts, statistic: Callable[[Counts], Array]) -> Estimate:
    """A statistic of a table of counts. `statistic` gets tables of that shape stacked along a first axis."""
    n = int(table.sum())
    if not n:
        return Estimate(None, None, None, 0)
    drawn = np.random.default_rng(SEED).multinomial(n, table.ravel() / n, size=RESAMPLES)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(table[None])[0])
        return _estimate(value, statistic(drawn.reshape(RESAMPLES, *table.shape)), n)


def resampled(statistic: Callable[..., float], *columns: Array) -> Estimate:
    """A statistic of whole rows. `columns` are arrays of one length; above 2000 rows fewer resamples are drawn."""
    n = len(columns[0])
    if not n:
        return Estimate(None, None, None, 0)
    draws = np.random.default_rng(SEED)
    resamples = max(_LEAST_RESAMPLES, min(RESAMPLES, _MOST_DRAWS // n))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's, of resamples in which nothing varies: they are NaN, and left out
        value = float(statistic(*columns))
        places = (draws.integers(n, size=n) for _ in range(resamples))
        return _estimate(value, np.array([statistic(*(column[place] for column in columns)) for place in places]), n)


def _estimate(value: float, found: Array, n: int) -> Estimate:
    defined = found[~np.isnan(found)]
    if np.isnan(value) or not defined.size:
        return Estimate(None, None, None, n)
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high), n)
