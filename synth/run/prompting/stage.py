"""The stage between the input and its prompts: quotas, and prompts that are written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synth.run.carried import NOTHING, Carried
from synth.run.engine import Engine
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.prompting.generating import Generated, generate
from synth.run.prompting.quotas import hold_to_quotas, quotas
from synth.run.prompting.record import lines, record
from synth.run.teacher import Teacher
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Selected:
    """The calls made, the engine's tables of them, what the manifest says, and lines for the terminal."""

    calls: tuple[Counts, ...] = ()
    tables: Sequence[Path] = ()
    record: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


def select(
    prepared: Prepared, intake: Intake, asked: Teacher, engine: Engine, *, quiet: bool, carried: Carried = NOTHING
) -> Selected:
    """Leave in the tables of prompts and pairs what the config's `prompts` has taken, and add what it has written.

    Raises RunError where calls were not made, or nothing is left.
    """
    if prepared.config.prompts is None:
        return Selected()
    held = hold_to_quotas(prepared, intake, asked, engine, quiet=quiet, carried=carried)
    made = generate(prepared, intake, asked, engine, held.room, quiet=quiet)
    return Selected(
        (*held.calls, *made.calls),
        (*held.tables, *made.tables),
        {"prompts": record(prepared, intake, made)},
        tuple(lines(intake, made)),
    )


def write_few(prepared: Prepared, intake: Intake, asked: Teacher, engine: Engine, n: int, *, quiet: bool) -> Generated:
    """The first few of the prompts that a run has written; quotas have their say in the run only."""
    return generate(prepared, intake, asked, engine, quotas(prepared), quiet=quiet, most=n)
