"""Everything the audit says of a teacher, from its judgments of labelled pairs."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synth.audit import agreement as agree
from synth.audit import bias
from synth.audit.correlation import correlations, preference
from synth.audit.intervals import LEVEL, Estimate
from synth.audit.labelled import Labelled, collect
from synth.domain import JudgedPair

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario's part of it."""

    agreement: Estimate
    strict_agreement: Estimate
    consistency: Estimate
    pointwise_agreement: Estimate


@dataclass(frozen=True, slots=True)
class Report:
    """`labelled` pairs have a label, of which the teacher stands by a verdict for some.

    `agreement` holds the measures by name, `alpha` those of several annotators, `scores` correlations by where the
    scores come from (`pairwise`, `pointwise`) and then by kind; `tie_gap` likewise.
    """

    labelled: int
    agreement: dict[str, Estimate]
    cohens_kappa: Estimate
    alpha: dict[str, Estimate]
    scores: dict[str, dict[str, Estimate]]
    position_bias: bias.PositionBias
    longer_wins: bias.Against
    tie_rate: bias.Against
    tie_gap: dict[str, bias.TieGap]
    scenarios: dict[str, Scenario]

    def record(self) -> dict[str, Any]:
        """For JSON, numbers to four digits."""
        return {"level": LEVEL, **rounded(asdict(self))}


def audit(pairs: Iterable[JudgedPair], *, with_scores: bool = True) -> Report:
    """Without scores it takes no time: correlations are drawn row by row."""
    return report(collect(pairs), with_scores=with_scores)


def report(rows: Labelled, *, with_scores: bool = True) -> Report:
    wanted = preference(rows.human, rows.votes)
    gaps = {"pairwise": rows.score_gap, "pointwise": rows.grade_gap}
    tie_gaps = {name: bias.tie_gap(gap, rows.human) for name, gap in gaps.items()}
    return Report(
        labelled=int((~np.isnan(rows.human)).sum()),
        agreement=measures(rows),
        cohens_kappa=agree.cohens_kappa(rows.verdict, rows.human),
        alpha={
            "annotators": agree.krippendorffs_alpha(rows.votes),
            "annotators_and_teacher": agree.alpha_with_teacher(rows.votes, rows.verdict),
        },
        scores={name: correlations(gap, wanted) for name, gap in gaps.items()} if with_scores else {},
        position_bias=bias.position_bias(rows.ab, rows.ba),
        longer_wins=bias.longer_wins(rows.verdict, rows.human, rows.longer),
        tie_rate=bias.tie_rate(rows.verdict, rows.human),
        tie_gap={name: found for name, found in tie_gaps.items() if found},
        scenarios=_by_scenario(rows),
    )


def measures(rows: Labelled) -> dict[str, Estimate]:
    """Agreement, as it can be counted; the names are those of `audit: {measure: ...}`."""
    return {
        "agreement": agree.agreement(rows.verdict, rows.human),
        "agreement_without_ties": agree.agreement_without_ties(rows.verdict, rows.human),
        "agreement_flips_as_ties": agree.agreement_flips_as_ties(rows.ab, rows.ba, rows.human),
        "strict_agreement": agree.strict_agreement(rows.ab, rows.ba, rows.human),
        "asked_once": agree.asked_once(rows.ab, rows.ba, rows.human),
        "pointwise_agreement": agree.agreement(rows.graded, rows.human),
        "consistency": agree.consistency(rows.ab, rows.ba),
    }


def _by_scenario(rows: Labelled) -> dict[str, Scenario]:
    names = np.array(rows.scenario)
    found = {}
    for name in sorted(set(rows.scenario)):
        here = names == name
        human, ab, ba = rows.human[here], rows.ab[here], rows.ba[here]
        found[name] = Scenario(
            agreement=agree.agreement(rows.verdict[here], human),
            strict_agreement=agree.strict_agreement(ab, ba, human),
            consistency=agree.consistency(ab, ba),
            pointwise_agreement=agree.agreement(rows.graded[here], human),
        )
    return found


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value
