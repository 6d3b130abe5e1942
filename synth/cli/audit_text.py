"""The audit and the filter report as tables for the terminal."""

from collections.abc import Iterable, Iterator

from synth.audit.filter_lift import FilterLift
from synth.audit.intervals import Estimate
from synth.audit.planted import PlantedReport
from synth.audit.report import Report

_FEW = 30
_MEASURES = {
    "agreement": "agreement, both orders alike",
    "agreement_without_ties": "  without ties",
    "agreement_flips_as_ties": "  flips as ties",
    "strict_agreement": "  right in both orders",
    "asked_once": "  asked once",
    "pointwise_agreement": "  by grades alone",
    "consistency": "consistency of orders",
}


def audit_table(report: Report) -> str:
    return "\n".join(_audit_lines(report))


def _audit_lines(report: Report) -> Iterator[str]:
    yield f"The teacher against {report.labelled} human labels: value, 95% interval, n"
    yield from _rows((_MEASURES[name], one) for name, one in report.agreement.items())
    yield from _rows([("Cohen's kappa", report.cohens_kappa)])
    yield from _rows((f"alpha, {name.replace('_', ' ')}", one) for name, one in report.alpha.items())
    for source, kinds in report.scores.items():
        yield from _rows((f"{kind}, {source} scores", one) for kind, one in kinds.items())
    position = report.position_bias
    yield from _rows(
        [
            ("first slot wins twice", position.to_first),
            ("second slot wins twice", position.to_second),
            ("lean to the first slot", position.leaning),
            ("longer wins, teacher", report.longer_wins.teacher),
            ("  humans", report.longer_wins.human),
            ("  difference", report.longer_wins.difference),
            ("ties, teacher", report.tie_rate.teacher),
            ("  humans", report.tie_rate.human),
            ("  difference", report.tie_rate.difference),
        ]
    )
    for source, tie in report.tie_gap.items():
        yield (
            f"  {source} scores tie as often as people ({tie.human_ties:.3f}) where a gap of {tie.gap:g} is a tie "
            f"({tie.ties:.3f}):"
        )
        yield from _rows([("  agreement with that gap", tie.agreement), ("  with none", tie.agreement_at_zero)])
    if report.labelled < _FEW:
        yield f"  {report.labelled} labels are few: go by the intervals, and by no value alone"
    if len(report.scenarios) > 1:
        yield ""
        yield "By scenario: agreement, and consistency of orders"
        width = max(map(len, report.scenarios))
        for name, one in report.scenarios.items():
            yield f"  {name:<{width}}  {one.agreement!s:<28}  {one.consistency}"


def _rows(estimates: Iterable[tuple[str, Estimate]]) -> Iterator[str]:
    """What was not asked, and so has no row, is left out."""
    for name, one in estimates:
        if one.n:
            yield f"  {name:<30} {one}"


_DETECTED = (
    ("both_orders", "found in both orders"),
    ("flawed_first", "  flawed response first"),
    ("flawed_second", "  flawed response second"),
    ("ties", "called a tie"),
    ("flawed_wins", "flawed response preferred"),
    ("grades", "graded lower alone"),
)


def planted_table(report: PlantedReport) -> str:
    lines = [f"Planted flaws that the teacher finds, of {report.all.pairs} pairs: share, 95% interval, n"]
    for name, one in {**report.flaws, **({"all": report.all} if len(report.flaws) > 1 else {})}.items():
        lines.append(f"{name}, {one.pairs} pairs")
        lines += _rows((said, getattr(one, measure)) for measure, said in _DETECTED)
    return "\n".join(lines)


def filter_table(lift: FilterLift) -> str:
    lines = [
        f"Filters against {lift.labelled} human labels: rows dropped, agreement after it with its 95% interval",
        f"  {'':<20} {'alone':<37} in sequence",
        f"  {'before any':<20} {'':<8}{lift.before}",
    ]
    for name, alone in lift.alone.items():
        turn = lift.in_sequence[name]
        lines.append(f"  {name:<20} {-alone.dropped:>6}  {alone.after!s:<29} {-turn.dropped:>6}  {turn.after}")
    return "\n".join([*lines, *(f"  warning: {warning}" for warning in lift.warnings())])
