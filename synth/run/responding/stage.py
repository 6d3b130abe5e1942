"""The stage from prompts to pairs.parquet."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synth.run.engine import Engine
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.responding.grading import grade, graded_tables
from synth.run.responding.pairing import make_pairs, settings_of
from synth.run.responding.record import about_the_responders, record, text
from synth.run.responding.respond import respond, responded_tables
from synth.run.teacher import Teacher
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Responded:
    """The calls made, the engine's tables of them, what the manifest says, and a line for the terminal."""

    calls: tuple[Counts, ...] = ()
    tables: Sequence[Path] = ()
    record: dict[str, Any] = field(default_factory=dict)
    text: str = ""


NOBODY = Responded()


def respond_and_pair(prepared: Prepared, intake: Intake, asked: Teacher, engine: Engine, *, quiet: bool) -> Responded:
    """Write responses.parquet and pairs.parquet. `intake` gets the prompts without a pair.

    Raises RunError where calls were not made, or no pair came of them.
    """
    for warning in about_the_responders(prepared, intake):
        print(f"judgemill: warning: {warning}", file=sys.stderr)
    calls = respond(prepared, asked, engine, quiet=quiet)
    grades: dict[tuple[str, int], float] = {}
    if settings_of(prepared.config).strategy == "spread":
        grades, graded = grade(prepared, asked, engine, quiet=quiet)
        calls += graded
    made = make_pairs(prepared, intake, grades)
    tables = [*responded_tables(prepared), *graded_tables(prepared)]
    return Responded(tuple(calls), tables, {"responses": record(prepared, intake, made)}, text(made))
