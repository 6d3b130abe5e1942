"""The audit as pictures. The one door to matplotlib, which is an extra: `pip install 'judgemill[plots]'`."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from synth.audit.intervals import Estimate
from synth.audit.report import Report
from synth.errors import ConfigError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW = 0.32  # inches
_BLUE, _GREY = "#1f5aa6", "#8a8a8a"


def require() -> None:
    """Raises ConfigError where matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        raise ConfigError("--plots needs matplotlib, which is not installed; pip install 'judgemill[plots]'")


def draw(report: Report, folder: Path, form: str) -> list[Path]:
    """Write the plots as `form`, png or svg; what has nothing to show is left out. Returns their paths."""
    swayed = {
        "longer wins, teacher": report.longer_wins.teacher,
        "longer wins, humans": report.longer_wins.human,
        "ties, teacher": report.tie_rate.teacher,
        "ties, humans": report.tie_rate.human,
        "first slot wins twice": report.position_bias.to_first,
        "second slot wins twice": report.position_bias.to_second,
    }
    scores = {f"{kind}, {source}": one for source, kinds in report.scores.items() for kind, one in kinds.items()}
    agreement = {name.replace("_", " "): one for name, one in report.agreement.items()}
    scenarios = {name: one.agreement for name, one in report.scenarios.items()}
    every = {
        "agreement": (agreement | {"Cohen's kappa": report.cohens_kappa}, "Agreement with human labels"),
        "bias": (swayed, "What sways the teacher, and people"),
        "scores": (scores, "Correlation of score gaps with human preference"),
        "scenarios": (scenarios, "Agreement by scenario"),
    }
    drawn = []
    folder.mkdir(exist_ok=True)
    for name, (estimates, title) in every.items():
        shown = {label: one for label, one in estimates.items() if one.value is not None}
        if shown:
            path = folder / f"{name}.{form}"
            _intervals(shown, title, path)
            drawn.append(path)
    return drawn


def _intervals(estimates: Mapping[str, Estimate], title: str, path: Path) -> None:
    """A point and its interval a row, with n beside it."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "judgemill", "font.size": 9}):  # the same file every time
        figure = Figure(figsize=(7, 1.1 + _ROW * len(estimates)), layout="constrained")
        axes = figure.subplots()
        for row, one in enumerate(estimates.values()):
            _row(axes, row, one)
        least = min(0.0, *(one.low or 0.0 for one in estimates.values()))
        axes.set(title=title, xlim=(least - 0.03, 1.03), ylim=(len(estimates) - 0.5, -0.5))
        axes.set_yticks(range(len(estimates)), [f"{name}  (n {one.n})" for name, one in estimates.items()])
        axes.grid(axis="x", alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlabel("95% interval")
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _row(axes: "Axes", row: int, one: Estimate) -> None:
    assert one.value is not None
    if one.low is not None and one.high is not None:
        axes.hlines(row, one.low, one.high, color=_GREY, linewidth=3)
    axes.plot(one.value, row, "o", color=_BLUE)
