"""What goes out of a run: the dataset as Parquet, the card, its plots, and what was asked for beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import synth
from synth.audit import plots
from synth.audit.report import audit
from synth.config.model import Card, Config
from synth.errors import ConfigError
from synth.exports import card
from synth.exports.parquet import publishable
from synth.hub.files import Outgoing, outgoing
from synth.run import tables
from synth.run.folder import RunFolder, write_text
from synth.run.publishing.secrets import unset

# What stays at home unless it is asked for: name -> file or folder of the run.
ALSO = {"judgments": "judgments.parquet", "dropped": "dropped.parquet", "calls": "calls"}


@dataclass(frozen=True, slots=True)
class Package:
    """`rows` are those of a file, by its path in the repository. `notes` are for whoever decides to send it."""

    files: tuple[Outgoing, ...]
    rows: dict[str, int]
    title: str
    notes: tuple[str, ...]


def pack(
    folder: RunFolder,
    config: Config,
    statements: Card,
    into: Path,
    *,
    repo: str,
    version: str | None,
    also: Sequence[str],
) -> Package:
    """Write into `into` what a repository is to hold. Raises ConfigError where nothing was kept."""
    manifest: dict[str, Any] = json.loads(folder.manifest.read_text(encoding="utf-8"))
    exported = {form: splits for form, splits in manifest["exported"].items() if splits}
    if not exported:
        raise ConfigError(f"{folder.path}: no pair was kept, so there is nothing to publish; see its dropped.parquet")
    subsets = [publishable(folder.dataset, form, splits, into) for form, splits in exported.items()]
    report = audit(tables.judged_pairs(folder.pairs, folder.judgments))
    drawn = []
    if report.labelled and find_spec("matplotlib"):
        drawn = plots.draw(report, into / "plots", "png")
    described = card.Published(
        repo,
        subsets,
        version=version,
        audit=report.record() if report.labelled else None,
        plots=[path.relative_to(into).as_posix() for path in drawn],
    )
    write_text(into / "README.md", card.render(manifest, config.name, statements, described))
    made = sorted(path for path in into.rglob("*") if path.is_file())
    files = [outgoing(path.relative_to(into).as_posix(), path) for path in made]
    files += [outgoing(f"run/{path.relative_to(folder.path).as_posix()}", path) for path in _asked_for(folder, also)]
    count = sum(sum(splits.values()) for splits in exported.values())
    return Package(
        files=tuple(files),
        rows={one.path: tables.count(one.source) for one in files if one.path.endswith(".parquet")},
        title=f"{config.name}{f' {version}' if version else ''}: {count} rows, by judgemill {synth.__version__}",
        notes=tuple(_notes(config, statements, labelled=report.labelled, drawn=bool(drawn))),
    )


def _asked_for(folder: RunFolder, also: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for name in also:
        path = folder.path / ALSO[name]
        if not path.exists():
            raise ConfigError(f"{path}: is not there, so --also {name} has nothing to send")
        found += sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    return found


def _notes(config: Config, statements: Card, *, labelled: int, drawn: bool) -> list[str]:
    notes = []
    if statements.license is None:
        notes.append("no license is stated; without one nobody may use it: card: {license: cc-by-4.0}")
    if not statements.language:
        notes.append("no language is stated: card: {language: [en]}")
    if statements.teacher_terms is None:
        notes.append(
            f"whether output of {config.teacher.model} may train a judge is not stated: card: {{teacher_terms: ...}}"
        )
    if labelled and not drawn:
        notes.append("no plots of the audit: pip install 'judgemill[plots]'")
    if config.imported is None and (missing := unset(config.teacher)):
        notes.append(f"{' and '.join(missing)} is not set here, so the files could not be searched for its value")
    return notes
