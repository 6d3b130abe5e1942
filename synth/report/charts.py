"""From facts to what the charts show. Statistics with an interval are those of `synth.audit`."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synth.audit import agreement, bias
from synth.audit.intervals import Array, Estimate
from synth.report.facts import KEPT, SET_ASIDE, Facts, Fate

VERDICTS = {"a": 1.0, "tie": 0.0, "b": -1.0}
_RATIOS = (1.1, 1.25, 1.5, 2.0, 4.0, math.inf)
_MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Orders:
    """Counts of pairs compared in both orders, by the verdict of ab and then of ba."""

    table: dict[str, dict[str, int]]
    n: int
    consistency: Estimate
    position: bias.PositionBias


@dataclass(frozen=True, slots=True)
class LengthBin:
    """Pairs of which the longer response has up to so many times the characters of the shorter one."""

    label: str
    longer: int
    tie: int
    shorter: int

    @property
    def n(self) -> int:
        return self.longer + self.tie + self.shorter


@dataclass(frozen=True, slots=True)
class Lengths:
    """`judged` and `kept` are how often the longer response wins, of the pairs with a winner and a longer response."""

    bins: list[LengthBin]
    judged: Estimate
    kept: Estimate


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario: pairs judged and kept, verdicts that both orders share, and the most common reason."""

    name: str
    judged: int
    kept: int
    consistency: Estimate
    reason: Fate | None


@dataclass(frozen=True, slots=True)
class Histogram:
    """Scores of one scenario (all of them where `name` is empty). `bars` are labels with a share for each protocol."""

    name: str
    n: dict[str, int]
    mean: dict[str, float]
    bars: list[tuple[str, dict[str, float]]]

    @property
    def top(self) -> float:
        return max((share for _, shares in self.bars for share in shares.values()), default=0.0) or 1.0


def orders(facts: Facts) -> Orders:
    both = ~np.isnan(facts.ab) & ~np.isnan(facts.ba)
    table = {
        ab: {ba: int(np.sum((facts.ab == one) & (facts.ba == other))) for ba, other in VERDICTS.items()}
        for ab, one in VERDICTS.items()
    }
    return Orders(
        table=table,
        n=int(both.sum()),
        consistency=agreement.consistency(facts.ab, facts.ba),
        position=bias.position_bias(facts.ab, facts.ba),
    )


def lengths(facts: Facts) -> Lengths:
    """Over pairs with a verdict that the teacher stands by, in whichever order the responses are shown."""
    longer = np.sign(facts.length_a - facts.length_b)
    low, high = np.minimum(facts.length_a, facts.length_b), np.maximum(facts.length_a, facts.length_b)
    ratio = high / np.maximum(low, 1.0)
    bins, least = [], 1.0
    for most in _RATIOS:
        here = (longer != 0) & (ratio >= least) & (ratio < most)
        verdict, side = facts.verdict[here], longer[here]
        bins.append(
            LengthBin(
                label=f"{least:g} to {most:g} times" if most < math.inf else f"over {least:g} times",
                longer=int(np.sum(verdict == side)),
                tie=int(np.sum(verdict == 0)),
                shorter=int(np.sum(verdict == -side)),
            )
        )
        least = most
    return Lengths(
        bins, _longer_wins(facts.verdict, longer), _longer_wins(facts.verdict[facts.kept], longer[facts.kept])
    )


def _longer_wins(verdict: Array, longer: Array) -> Estimate:
    """As the audit has it, over all pairs that the teacher decides and not only those that people decide, too."""
    return bias.longer_wins(verdict, verdict, longer).teacher


def scenarios(facts: Facts) -> list[ScenarioRow]:
    """The largest first."""
    names = np.array(facts.scenario)
    reasons: dict[str, Counter[Fate]] = {}
    for (fate, name), count in facts.cells.items():
        if fate.filter != SET_ASIDE:
            reasons.setdefault(name, Counter())[fate] += count
    rows = []
    for name, counts in reasons.items():
        here = names == name
        kept = counts.pop(KEPT, 0)
        most = min(counts, key=lambda one: (-counts[one], one), default=None)
        consistency = agreement.consistency(facts.ab[here], facts.ba[here])
        rows.append(ScenarioRow(name, kept + counts.total(), kept, consistency, most))
    return sorted(rows, key=lambda one: (-one.judged, one.name))


def reasons(facts: Facts) -> list[tuple[Fate, int]]:
    """Every reason with its count, the most common first."""
    counts: Counter[Fate] = Counter()
    for (fate, _), count in facts.cells.items():
        if fate != KEPT:
            counts[fate] += count
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def histograms(scores: Mapping[tuple[str, str, float], int], scale: tuple[float, float]) -> list[Histogram]:
    """`scores` counts by scenario, protocol and score; `scale` is what was asked for. First of all, then by scenario.

    Whole scores have a bar each; others, and ranges of more than twenty, are put into twenty bars.
    """
    if not scores:
        return []
    values = [score for _, _, score in scores]
    low, high = min(*scale, *values), max(*scale, *values)
    whole = all(score == round(score) for score in values) and high - low < _MOST_BARS
    edges = np.arange(low - 0.5, high + 1) if whole else np.linspace(low, high, _MOST_BARS + 1)
    labels = [f"{low + index:g}" for index in range(len(edges) - 1)] if whole else _ranges(edges)
    sizes: Counter[str] = Counter()
    for (name, _, _), count in scores.items():
        sizes[name] += count
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    every = [_histogram("", scores.items(), edges, labels)]
    if len(names) > 1:
        every += [
            _histogram(name, [one for one in scores.items() if one[0][0] == name], edges, labels) for name in names
        ]
    return every


def _ranges(edges: Array) -> list[str]:
    return [f"{one:.4g} to {other:.4g}" for one, other in pairwise(edges)]


def _histogram(
    name: str, scores: Iterable[tuple[tuple[str, str, float], int]], edges: Array, labels: list[str]
) -> Histogram:
    by_protocol: dict[str, Counter[float]] = {}
    for (_, protocol, score), count in sorted(scores):
        by_protocol.setdefault(protocol, Counter())[score] += count
    n = {protocol: counts.total() for protocol, counts in by_protocol.items()}
    shares = {
        protocol: np.histogram(list(counts), edges, weights=list(counts.values()))[0] / n[protocol]
        for protocol, counts in by_protocol.items()
    }
    return Histogram(
        name=name,
        n=n,
        mean={
            protocol: sum(score * count for score, count in counts.items()) / n[protocol]
            for protocol, counts in by_protocol.items()
        },
        bars=[
            (label, {key: float(share[index]) for key, share in shares.items()}) for index, label in enumerate(labels)
        ],
    )
