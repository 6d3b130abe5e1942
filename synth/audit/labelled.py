"""Judged pairs that people labelled, as columns of numbers.

A verdict is 1 for a, -1 for b, 0 for a tie and NaN for none, so that calling a what was called b turns the sign.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from synth.audit.intervals import Array
from synth.domain import JudgedPair, Order, Side, Verdict

SIGN = {Verdict.A: 1.0, Verdict.TIE: 0.0, Verdict.B: -1.0, None: math.nan}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row a pair with a human label or several annotators'.

    `human` is the label, NaN where annotators have no majority; `votes` how many of them said a, tie and b, of shape
    (n, 3). `verdict` is what the teacher stands by: the verdict that both orders share, or, where it only graded, the
    higher grade. `ab` and `ba` are the verdicts of the orders, `graded` the sign of `grade_gap`. The gaps are the score
    of a minus the score of b: the mean of both orders in `score_gap`, each response alone in `grade_gap`. `longer` is
    the longer response.
    """

    human: Array
    votes: Array
    verdict: Array
    ab: Array
    ba: Array
    graded: Array
    score_gap: Array
    grade_gap: Array
    longer: Array
    scenario: tuple[str, ...]


def collect(pairs: Iterable[JudgedPair]) -> Labelled:
    """Pairs without any label are passed over."""
    rows: list[tuple[float, ...]] = []
    scenarios: list[str] = []
    for judged in pairs:
        if judged.pair.human_label is not None or judged.pair.human_labels:
            rows.append(_row(judged))
            scenarios.append(judged.pair.scenario)
    table = np.array(rows, dtype=float).reshape(len(rows), 11)
    human, a, tie, b, verdict, ab, ba, graded, score_gap, grade_gap, longer = table.T
    votes = np.stack([a, tie, b], axis=1)
    return Labelled(human, votes, verdict, ab, ba, graded, score_gap, grade_gap, longer, tuple(scenarios))


def _row(judged: JudgedPair) -> tuple[float, ...]:
    pair = judged.pair
    votes = [pair.human_labels.count(verdict) for verdict in (Verdict.A, Verdict.TIE, Verdict.B)]
    ab, ba = judged.comparison(Order.AB), judged.comparison(Order.BA)
    gaps = [
        one.score_a - one.score_b for one in (ab, ba) if one and one.score_a is not None and one.score_b is not None
    ]
    grade_a, grade_b = judged.grade(Side.A), judged.grade(Side.B)
    grade_gap = grade_a.score - grade_b.score if grade_a and grade_b else math.nan
    return (
        SIGN[pair.human_label],
        *votes,
        SIGN[_stands_by(judged)],
        SIGN[ab.verdict if ab else None],
        SIGN[ba.verdict if ba else None],
        float(np.sign(grade_gap)),
        sum(gaps) / len(gaps) if gaps else math.nan,
        grade_gap,
        float(np.sign(len(pair.response_a) - len(pair.response_b))),
    )


def _stands_by(judged: JudgedPair) -> Verdict | None:
    """None where a comparison could not be read: half of it is no verdict of both orders."""
    return None if any(one.ask.order for one in judged.failures) else judged.verdict
