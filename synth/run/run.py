"""`judgemill run`: from a config to a finished run folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from shutil import rmtree
from typing import Any

from ruamel.yaml import YAML

from synth.config.model import Config
from synth.errors import ConfigError
from synth.run import manifest
from synth.run.audit import Audited, audit_first, judge_labelled, take_labelled, together
from synth.run.finish import Outcome, finish
from synth.run.folder import RunFolder, write_text
from synth.run.intake import take_in
from synth.run.judging import judge
from synth.run.prepare import prepare
from synth.run.teacher import teacher
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to, and the calls it made. `demo` where the teacher was the embedded 135M model.

    `audited` says how it passed the bar, where the config sets one.
    """

    outcome: Outcome
    calls: Counts
    demo: bool
    audited: str = ""


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
    Raises ConfigError before any call is made, RunError where the run could not be finished, BarError where the
    teacher is below the bar of the config's `audit`.
    """
    prepared = prepare(config_path, overrides, name, fresh=fresh)
    folder = prepared.folder
    if fresh and folder.path.exists():
        with folder.claimed():
            pass
        folder.put_aside()
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        intake = take_in(prepared)
        if prepared.config.audit.require_agreement is not None:
            take_labelled(prepared, folder.pairs)
        with teacher(prepared) as asked:
            described = manifest.describe(prepared.config, prepared.catalogue, intake.scenarios, asked)
            write_text(folder.config, _yaml(prepared.config))
            audited = audit_first(prepared, lambda labelled: judge(labelled, asked, quiet=quiet))
            calls = judge(prepared, asked, quiet=quiet)
        outcome = finish(prepared, intake, described)
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    demo = prepared.config.teacher.model == "local"
    if audited is None:
        return Result(outcome, calls, demo)
    return Result(outcome, together(audited.calls, calls), demo, audited.said)


def audit_config(config_path: Path, *, quiet: bool = False) -> Audited:
    """Judge the labelled rows of a config, and no others, into the journal of its run.

    Raises ConfigError before any call is made, RunError where not all could be judged.
    """
    prepared = prepare(config_path, {})
    folder = prepared.folder
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        part = replace(prepared, folder=folder.audit())
        part.folder.pairs.parent.mkdir(exist_ok=True)
        take_in(part)
        take_labelled(prepared, part.folder.pairs)
        with teacher(prepared) as asked:
            write_text(folder.config, _yaml(prepared.config))
            audited = judge_labelled(prepared, lambda labelled: judge(labelled, asked, quiet=quiet))
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    return audited


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


def _yaml(config: Config) -> str:
    text = StringIO()
    YAML(typ="safe", pure=True).dump(config.model_dump(mode="json"), text)
    return text.getvalue()
