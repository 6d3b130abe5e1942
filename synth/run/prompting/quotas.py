"""Holds the prompts that were taken in to the quotas of their scenarios, before anybody answers or judges them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from synth.domain import Pair
from synth.errors import RunError
from synth.promptset.quotas import Candidate, Quotas, beyond
from synth.rows import columns
from synth.rows.pairs import SetAside, prompt_key, without_pair
from synth.run import tables
from synth.run.carried import NOTHING, Carried
from synth.run.choosing import choice_tables, choose
from synth.run.engine import Engine
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.prompting.asks import generates
from synth.run.responding.intake import prompt_table
from synth.run.teacher import Teacher
from synth.teacher.progress import Counts

REASON = "beyond the quota"


@dataclass(frozen=True, slots=True)
class Held:
    """What is left of the quotas, the calls that chose scenarios, and the engine's tables of them."""

    room: Quotas
    calls: tuple[Counts, ...] = ()
    tables: tuple[Path, ...] = ()


def quotas(prepared: Prepared) -> Quotas:
    """With nothing taken."""
    settings = prepared.config.prompts
    limits = (settings.per_scenario, settings.per_group) if settings else (None, None)
    return Quotas(*limits, lambda name: prepared.catalogue.get(name).group)


def has_quotas(prepared: Prepared) -> bool:
    settings = prepared.config.prompts
    return settings is not None and (settings.per_scenario is not None or settings.per_group is not None)


def hold_to_quotas(
    prepared: Prepared, intake: Intake, asked: Teacher, engine: Engine, *, quiet: bool, carried: Carried = NOTHING
) -> Held:
    """Take what is beyond the quotas out of the tables of prompts and pairs; `intake` gets it, with the reason.

    A prompt without a scenario has it chosen for that, by the very call that choosing makes of it later. Raises
    RunError where calls were not made, or nothing is left.
    """
    room = quotas(prepared)
    if not has_quotas(prepared):
        return Held(room)
    written = {prepared.folder.pairs: tables.PAIRS}
    if prepared.config.takes_prompts:
        written[prompt_table(prepared.folder)] = tables.PROMPT_ROWS
    chosen = _choose(prepared, list(written), asked, engine, quiet=quiet, carried=carried)
    default = prepared.config.scenarios.default or ""

    def candidate(row: Mapping[str, Any]) -> Candidate:
        key = prompt_key(columns.prompt(row["prompt"]))
        return Candidate(key, row["scenario"] or default or chosen.scenarios.get(key, ""))

    candidates = as_one(
        (candidate(row), bool(row.get("human_label") or row.get("human_labels"))) for row in tables.read_all(written)
    )
    out = beyond({one: people for one, people in candidates.items() if one.scenario}, room, prepared.config.seed)
    reasons = {one: (REASON, why) for one, why in out.items()}
    for one in candidates:
        if not one.scenario:
            reasons[one] = ("no scenario: call failed", chosen.failed[one.key])
    for path, schema in written.items():
        aside = _take_out(path, schema, candidate, reasons)
        intake.set_aside.extend(aside)
        if path == prepared.folder.pairs:
            intake.taken -= len(aside)
        else:
            intake.prompts -= len(aside)
    if not intake.prompts and not intake.taken and not generates(prepared.config):
        last = intake.set_aside[-1]
        raise RunError(f"no prompt is left; the last was set aside: {last.reason} ({last.detail})")
    return Held(room, chosen.calls, chosen.tables)


def _take_out(
    path: Path,
    schema: Any,
    candidate: Callable[[Mapping[str, Any]], Candidate],
    reasons: Mapping[Candidate, tuple[str, str]],
) -> list[SetAside]:
    """Write the table of prompts or pairs anew, without those that have a reason."""
    aside: list[SetAside] = []

    def left() -> Iterator[Mapping[str, Any]]:
        for row in tables.read(path):
            why = reasons.get(candidate(row))
            if why is None:
                yield row
            else:
                pair = without_pair(tables.prompt(row)) if schema is tables.PROMPT_ROWS else tables.pair(row)
                aside.append(SetAside(row.get("number") or 0, *why, pair))

    tables.write(path, schema, left())
    return aside


def as_one(rows: Iterable[tuple[Candidate, bool]]) -> dict[Candidate, bool]:
    """Rows of one prompt and scenario stay or go together; people labelled it where they labelled one of them."""
    found: dict[Candidate, bool] = {}
    for one, labelled in rows:
        found[one] = found.get(one, False) or labelled
    return found


@dataclass(frozen=True, slots=True)
class _Chosen:
    """By the key of the prompt: the scenario, or why there is none for now."""

    scenarios: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[Counts, ...] = ()
    tables: tuple[Path, ...] = ()


def _choose(
    prepared: Prepared, written: list[Path], asked: Teacher, engine: Engine, *, quiet: bool, carried: Carried
) -> _Chosen:
    if not prepared.offered:
        return _Chosen()
    part = replace(prepared, folder=prepared.folder.selecting())
    part.folder.work.mkdir(parents=True, exist_ok=True)
    part.folder.pairs.parent.mkdir(parents=True, exist_ok=True)
    names = ["id", "scenario", "prompt"]
    lacking = (
        tables.pair_row(Pair(row["id"], columns.prompt(row["prompt"]), "", "", ""))
        for row in tables.read_all(written, names)
        if not row["scenario"]
    )
    if not tables.write(part.folder.pairs, tables.PAIRS, lacking):
        rmtree(part.folder.pairs.parent)
        return _Chosen()
    made = choose(part, asked, engine, quiet=quiet, carried=carried)
    found = {
        prompt_key(columns.prompt(row["prompt"])): row["scenario"] for row in tables.read(part.folder.pairs, names)
    }
    failed = {prompt_key(one.pair.prompt): one.detail for one in made.set_aside if one.pair}
    rmtree(part.folder.pairs.parent)
    return _Chosen(found, failed, (made.calls,), tuple(choice_tables(part.folder)))
