"""The audit's numbers with the names and the order in which a reader meets them."""

from dataclasses import dataclass

from synth.audit.intervals import Estimate
from synth.audit.report import Report, Scenario

_MEASURES = {
    "agreement": "agreement, both orders alike",
    "agreement_without_ties": "… where neither says tie",
    "agreement_flips_as_ties": "… flips counted as ties",
    "strict_agreement": "… right in both orders",
    "asked_once": "… asked once",
    "pointwise_agreement": "… by grades alone",
    "consistency": "consistency of orders",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Estimates under one heading, and where their axis starts: 0 for shares, -1 for what may be negative."""

    title: str
    least: int
    rows: list[tuple[str, Estimate]]


def audit_groups(report: Report) -> list[Group]:
    """What was not asked, and so has no row, is left out."""
    position = report.position_bias
    every = [
        Group("Agreement", 0, [(_MEASURES[name], one) for name, one in report.agreement.items()]),
        Group(
            "What sways it",
            0,
            [
                ("longer wins, teacher", report.longer_wins.teacher),
                ("longer wins, people", report.longer_wins.human),
                ("ties, teacher", report.tie_rate.teacher),
                ("ties, people", report.tie_rate.human),
                ("first slot wins twice", position.to_first),
                ("second slot wins twice", position.to_second),
            ],
        ),
        Group(
            "Beyond chance, and differences",
            -1,
            [
                ("Cohen's kappa", report.cohens_kappa),
                *((f"alpha, {name.replace('_', ' ')}", one) for name, one in report.alpha.items()),
                ("lean to the first slot", position.leaning),
                ("longer wins, teacher less people", report.longer_wins.difference),
                ("ties, teacher less people", report.tie_rate.difference),
            ],
        ),
    ]
    asked = [Group(one.title, one.least, [row for row in one.rows if row[1].n]) for one in every]
    return [one for one in asked if one.rows]


def scenario_rows(report: Report) -> list[tuple[str, Scenario]]:
    """The scenarios with the most labels first."""
    return sorted(report.scenarios.items(), key=lambda one: (-one[1].agreement.n, one[0]))
