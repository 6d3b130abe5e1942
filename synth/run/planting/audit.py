"""`judgemill audit --planted`: a teacher by the planted flaws that it finds, without a label of people."""

from dataclasses import dataclass
from shutil import rmtree
from typing import Any

from synth.audit.planted import PlantedReport, detections
from synth.errors import ConfigError, RunError
from synth.run import tables
from synth.run.folder import RunFolder, write_json
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class AuditedByFlaws:
    """What was found; `folder` is the run's, `said` a line on the copies that were asked for. No calls were made for a
    finished run."""

    report: PlantedReport
    folder: RunFolder
    calls: Counts
    said: str

    def record(self) -> dict[str, Any]:
        return self.report.record()


def audit_planted(folder: RunFolder, part: RunFolder, calls: Counts, said: str) -> AuditedByFlaws:
    """Of pairs that were judged in `part` of a run's folder; writes `planted.json` into it."""
    report = detections(tables.judged_pairs(part.pairs, part.judgments))
    write_json(folder.planted_report, report.record())
    return AuditedByFlaws(report, folder, calls, said)


def planted_finished(folder: RunFolder) -> AuditedByFlaws:
    """Of a run with planted pairs, or of what an audit by flaws left in its folder. Makes no call.

    Raises ConfigError where there is neither.
    """
    for part in (folder, folder.planting()):
        if part.judgments.exists() and part.pairs.exists() and _any_planted(part):
            return audit_planted(folder, part, Counts(), "")
    raise ConfigError(
        f"{folder.path}: holds no judged pair with a planted flaw; name the run's config, of which `judgemill audit "
        "--planted` makes some, or add a section `flaws:` to it and run it"
    )


def _any_planted(part: RunFolder) -> bool:
    """Tables of before there were planted flaws have no such column."""
    return any(row.get("planted") for row in tables.read(part.pairs, ["id", "planted"]))


def begin(part: RunFolder) -> None:
    rmtree(part.pairs.parent, ignore_errors=True)
    part.pairs.parent.mkdir(parents=True)


def refuse_none(part: RunFolder, pairs: int) -> None:
    """Raises RunError where no pair came of it."""
    if not pairs:
        asked = tables.count(part.planted)
        why = f"see {part.planted}" if asked else "none of the flaws applies to any of them; name more with -n"
        raise RunError(f"of {asked} copies with a planted flaw none makes a pair; {why}")
