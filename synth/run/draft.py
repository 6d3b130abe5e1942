"""`judgemill scenarios new`: a scenario file to edit, with examples of criteria or with a teacher's draft of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from synth.domain import Pair
from synth.errors import ConfigError
from synth.rows.pairs import pairs
from synth.rows.read import read
from synth.run.folder import RunFolder
from synth.run.prepare import Prepared, prepare
from synth.run.teacher import teacher as answering
from synth.scenario import Catalogue, Scenario
from synth.scenario.draft import EXAMPLE, Draft, new_file
from synth.scenario.draft_file import yaml_text
from synth.scenario.known import known

JOURNAL = ".drafts"
_MOST_ROWS = 6
_ONLY_THE_TEACHER: dict[str, dict[str, Any]] = {  # the rest of the config may be unfinished
    "scenarios": {"folders": [], "default": "others", "among": []}
}


def new(
    name: str,
    about: str,
    folder: Path,
    extends: Sequence[str],
    *,
    teacher: Path | None = None,
    rows: Path | None = None,
) -> Path:
    """Write the file and return its path. Nothing that exists is written over.

    `teacher` is a run's config, whose teacher drafts the criteria, criticises its draft and improves it once; `rows`
    are examples for it, as for a run. Its calls are journalled in the folder's `.drafts`.
    Raises ConfigError before any call is made, RunError where no draft came of it.
    """
    others = known([folder] if folder.is_dir() and any(folder.rglob("*.yaml")) else [])
    path = new_file(name, folder, extends, others)
    task = Draft(path, about, tuple(extends), others)
    if teacher is not None:
        text = _drafted(task, _prepared(teacher), rows)
    elif rows is not None:
        raise ConfigError("--examples are for a teacher to read; name one with --teacher CONFIG")
    elif faults := task.faults(EXAMPLE):
        raise ConfigError(f"{path} cannot be written: {faults[0]}; finish the draft it extends")
    else:
        note = "Made by `judgemill scenarios new`. Wherever it says 'Replace this', do."
        text = yaml_text(task.definition(EXAMPLE), note)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def _prepared(config: Path) -> Prepared:
    prepared = prepare(config, _ONLY_THE_TEACHER, fresh=True)
    if prepared.config.teacher.model == "local":
        raise ConfigError(f"{config}: the embedded model is too small to draft criteria; name another teacher.model")
    return prepared


def _drafted(task: Draft, prepared: Prepared, rows: Path | None) -> str:
    from synth.run import drafting

    shown = _pairs(task, prepared, rows) if rows else []
    journal = RunFolder(task.path.parent / JOURNAL)
    journal.path.mkdir(parents=True, exist_ok=True)
    with answering(replace(prepared, folder=journal)) as asked:
        definition = asyncio.run(drafting.draft(task, shown, prepared.config.teacher, asked, journal.path))
    return yaml_text(definition, f"Drafted by {asked.model} (example rows: {len(shown)}). Nobody has read it yet.")


def _pairs(task: Draft, prepared: Prepared, rows: Path) -> list[Pair]:
    """The first few rows with two different responses; they may name the scenario that is about to be written."""
    name, data = task.path.stem, prepared.config.data
    catalogue = Catalogue({one: Scenario(one, "", "", ()) for one in (name, *task.others)})
    found = pairs(read(str(rows), Path(), data.split), data.columns, catalogue, skip_bad_rows=False)
    return list(islice((one for one in found if isinstance(one, Pair)), _MOST_ROWS))
