"""`judgemill run`: from a config to a finished run folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from synth import yaml_file
from synth.errors import ConfigError
from synth.run import manifest
from synth.run.finish import Outcome, finish
from synth.run.folder import RunFolder, write_text
from synth.run.intake import take_in
from synth.run.judging import judge
from synth.run.prepare import prepare
from synth.run.teacher import teacher
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to, and the calls it made. `demo` where the teacher was the embedded 135M model."""

    outcome: Outcome
    calls: Counts
    demo: bool


def run(
    config_path: Path,
    overrides: dict[str, dict[str, Any]],
    *,
    name: str | None = None,
    fresh: bool = False,
    quiet: bool = False,
) -> Result:
    """Judge, filter and export. A run that was cut off goes on where it was; nothing is paid for twice.

    `overrides` (section -> key -> value) and `name` win over the config file. `fresh` puts an existing run folder
    aside and starts anew.
    Raises ConfigError before any call is made, RunError where the run could not be finished.
    """
    prepared = prepare(config_path, overrides, name, fresh=fresh)
    folder = prepared.folder
    if fresh and folder.path.exists():
        with folder.claimed():
            pass
        folder.put_aside()
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        intake = take_in(prepared)
        with teacher(prepared) as asked:
            described = manifest.describe(prepared.config, prepared.catalogue, intake.scenarios, asked)
            write_text(folder.config, yaml_file.text(prepared.config.model_dump(mode="json")))
            calls = judge(prepared, asked, quiet=quiet)
        outcome = finish(prepared, intake, described)
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    return Result(outcome, calls, demo=prepared.config.teacher.model == "local")


@contextmanager
def _nothing_left_by_a_config_error(folder: RunFolder) -> Iterator[None]:
    rmtree(folder.work, ignore_errors=True)
    try:
        yield
    except ConfigError:
        rmtree(folder.work, ignore_errors=True)
        if not folder.config.exists():
            rmtree(folder.path)
        raise
