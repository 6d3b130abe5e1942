"""The page: values into a template that escapes them, with its style and script inside."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from synth.audit.intervals import Estimate
from synth.audit.report import Report
from synth.report import charts
from synth.report.embed import embed
from synth.report.example import Example
from synth.report.facts import Facts
from synth.report.labels import audit_groups, scenario_rows

_HERE = Path(__file__).parent
Scores = Mapping[tuple[str, str, float], int]
Stage = tuple[str, int, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Run:
    """What a page is made of. `stages` are the funnel's name, pairs left and reasons; `scores` counts by scenario,
    protocol and score, on a scale from `scale[0]` to `scale[1]`; `total` is how many rows there are to choose from.
    """

    name: str
    filters: Sequence[str]
    manifest: Mapping[str, Any]
    stages: Sequence[Stage]
    facts: Facts
    scores: Scores
    scale: tuple[float, float]
    total: int
    audit: Report | None = None


def render(run: Run, examples: Iterable[Example]) -> str:
    """The same input makes the same page. `examples` are all rows, or those chosen of `run.total`."""
    script = _text("report.js")
    return _template().render(
        run=run,
        manifest=run.manifest,
        counts=run.manifest["counts"],
        usage=run.manifest.get("usage"),
        lift=run.manifest.get("filter_report"),
        reasons=charts.reasons(run.facts),
        orders=charts.orders(run.facts),
        lengths=charts.lengths(run.facts),
        scenarios=charts.scenarios(run.facts),
        histograms=charts.histograms(run.scores, run.scale),
        audit_groups=audit_groups(run.audit) if run.audit else [],
        audit_scenarios=scenario_rows(run.audit) if run.audit else [],
        data=embed(examples),
        css=Markup(_text("report.css")),  # our own, as is the script
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode("ascii"),
    )


def _estimate(one: Estimate | Mapping[str, Any] | None) -> str:
    """Value and interval, as the audit prints them; n stands in a column of its own."""
    found = _bounds(one)
    if found is None or found["value"] is None:
        return "\u2013"
    value = f"{found['value']:.3f}"
    return value if found["low"] is None else f"{value} [{found['low']:.3f}, {found['high']:.3f}]"


def _bounds(one: Estimate | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if isinstance(one, Estimate):
        return {"value": one.value, "low": one.low, "high": one.high, "n": one.n}
    return one


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "\u2013"


def _text(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"estimate": _estimate, "bounds": _bounds, "count": lambda number: f"{number:,}"}
    environment.globals |= {"percent": _percent}
    return environment.get_template("report.html.jinja2")
