"""`judgemill audit`, and the same before a run spends: the teacher's judgments of labelled pairs against the labels."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from synth import yaml_file
from synth.audit.gate import gate
from synth.audit.report import Report, audit
from synth.config.model import Audit
from synth.errors import ConfigError
from synth.run import tables
from synth.run.folder import RunFolder, write_json
from synth.run.prepare import Prepared
from synth.teacher.progress import Counts

Judge = Callable[[Prepared], Counts]


@dataclass(frozen=True, slots=True)
class Audited:
    """What was found, with the bar it was held to; `folder` is the run's. No calls were made for a finished run."""

    report: Report
    bar: Audit
    folder: RunFolder
    calls: Counts

    def with_bar(self, bar: float) -> "Audited":
        """The same, held to another bar: a share from 0 to 1."""
        return replace(self, bar=self.bar.model_copy(update={"require_agreement": bar}))

    @property
    def said(self) -> str:
        """What was found beside the bar, for people."""
        found = self.report.agreement[self.bar.measure]
        return f"{self.bar.measure} with the human labels is {found}, the bar {self.bar.require_agreement:g}"

    def hold_to_the_bar(self) -> None:
        """Raises BarError, where a bar is set and not reached."""
        bar = self.bar.require_agreement
        if bar is not None:
            found = self.report.agreement[self.bar.measure]
            next_step = f"see `judgemill audit {self.folder.path}`, and name another teacher"
            gate(found, bar, self.bar.measure, next_step)


def take_labelled(prepared: Prepared, pairs: Path) -> None:
    """Write those of `pairs`, a table, that have a human label to the table of `audit/`.

    Raises ConfigError where there are none.
    """
    folder = prepared.folder.audit()
    folder.work.mkdir(parents=True, exist_ok=True)
    folder.pairs.parent.mkdir(parents=True, exist_ok=True)
    labelled = (row for row in tables.read(pairs) if row["human_label"] or row["human_labels"])
    beside = folder.work / "pairs.parquet"
    if not tables.write(beside, tables.PAIRS, labelled):
        raise no_labels(prepared.config.data.named)
    beside.replace(folder.pairs)


def audit_first(prepared: Prepared, judge: Judge) -> Audited | None:
    """Has the labelled pairs judged before the others, where the config sets a bar; the calls are in the run's journal.

    Raises BarError below the bar; what was judged then stays in `audit/`.
    """
    if prepared.config.audit.require_agreement is None:
        return None
    audited = judge_labelled(prepared, judge)
    audited.hold_to_the_bar()
    part = prepared.folder.audit()
    for table in (part.pairs, part.scenarios, part.references, part.judgments):
        table.unlink(missing_ok=table == part.references)  # the run's own tables will hold the same
    return audited


def judge_labelled(prepared: Prepared, judge: Judge) -> Audited:
    """Judge what `take_labelled` took, and write `audit.json`."""
    folder = prepared.folder.audit()
    calls = judge(replace(prepared, folder=folder))
    report = audit(tables.judged_pairs(folder.pairs, folder.judgments))
    write_json(prepared.folder.audit_report, report.record())
    return Audited(report, prepared.config.audit, prepared.folder, calls)


def audit_finished(folder: RunFolder) -> Audited:
    """The audit of a run folder, finished or stopped at its bar. Makes no call; writes `audit.json` into it."""
    holding = next((one for one in (folder, folder.audit()) if one.judgments.exists() and one.pairs.exists()), None)
    if holding is None:
        raise ConfigError(f"{folder.path}: holds no judged pairs; name a finished run's folder, or a config")
    report = audit(tables.judged_pairs(holding.pairs, holding.judgments))
    if not report.labelled and not report.alpha["annotators"].n:
        raise no_labels(str(holding.pairs))
    write_json(folder.audit_report, report.record())
    return Audited(report, _bar_of(folder), folder, Counts())


def together(first: Counts, then: Counts) -> Counts:
    """The calls of the audit and of the run after it, which found those of the audit in the journal; but for those
    about pairs that quotas took out in between."""
    return replace(
        then,
        answered=first.answered + then.answered,
        reused=max(then.reused - first.answered, 0),
        failed=first.failed + then.failed,
        input_tokens=first.input_tokens + then.input_tokens,
        output_tokens=first.output_tokens + then.output_tokens,
        cost_usd=first.cost_usd + then.cost_usd,
        reused_usd=max(then.reused_usd - first.cost_usd, 0.0),
    )


def no_labels(path: str) -> ConfigError:
    return ConfigError(
        f"{path}: no pair has a human label to audit the teacher with; fill the column human_label with a, b or tie "
        "for some rows, or map yours with `data: {columns: {human_label: ...}}`"
    )


def _bar_of(folder: RunFolder) -> Audit:
    """What the run's own config says; a folder without one has no bar."""
    found = yaml_file.read(folder.config) if folder.config.exists() else None
    section = found.get("audit") if isinstance(found, dict) else None
    try:
        return Audit.model_validate(section or {})
    except ValidationError as error:
        raise ConfigError(f"{folder.config}: audit: {error.errors()[0]['msg']}") from error
