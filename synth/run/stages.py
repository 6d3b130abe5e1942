"""The stages of a run, one after the other."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import reduce
from pathlib import Path
from shutil import rmtree
from typing import Any

from synth import yaml_file
from synth.config.source import Source
from synth.errors import ConfigError
from synth.run import manifest, tables
from synth.run.audit import Audited, audit_first, judge_labelled, take_labelled, together
from synth.run.came_later import with_what_came_later
from synth.run.carried import Carried
from synth.run.carry import carry
from synth.run.cautions import about_columns
from synth.run.choosing import choice_tables, choose
from synth.run.engine import Engine
from synth.run.finish import Outcome, finish
from synth.run.folder import RunFolder, write_text
from synth.run.intake import Intake, take_in
from synth.run.judging import engine_tables, judge
from synth.run.on_ray import Ray, connect
from synth.run.outlook import outlook
from synth.run.planting.audit import AuditedByFlaws, audit_planted, begin, refuse_none
from synth.run.planting.plant import plant, plant_all
from synth.run.prepare import Prepared, prepare
from synth.run.preview import Preview, few_pairs, few_prompts, look, take_few
from synth.run.prompting.generating import Generated
from synth.run.prompting.stage import select, write_few
from synth.run.references.refer import refer
from synth.run.rescue.ask_again import ask_again
from synth.run.responding.intake import take_prompts
from synth.run.responding.stage import NOBODY, respond_and_pair
from synth.run.teacher import Teacher, teacher
from synth.run.usage import Used, used_by
from synth.run.usage import together as used_together
from synth.teacher.journal import carried as calls_carried
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to, the calls it made now, and what those behind its judgments took, now or earlier.

    `scenarios` is a line on where the pairs' scenarios are from, `audited` how the teacher passed the bar, where the
    config sets one. `demo` where the teacher was the embedded 135M model. `notes` are lines on the prompts, who
    answered them, who wrote references, and how the answers rank; empty where nobody did.
    """

    outcome: Outcome
    calls: Counts
    used: Used
    scenarios: str
    demo: bool
    audited: str = ""
    notes: tuple[str, ...] = ()


def run_stages(
    engine: Engine,
    config_path: Source,
    overrides: dict[str, dict[str, Any]],
    *,
    name: str | None,
    fresh: bool,
    quiet: bool,
    ray: Ray | None = None,
) -> Result:
    """As `synth.run.run.run` has it, with an engine that was started."""
    prepared = prepare(config_path, overrides, name, fresh=fresh)
    folder = prepared.folder
    if fresh and folder.path.exists():
        with folder.claimed():
            pass
        folder.put_aside()
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        connect(engine, prepared, ray, quiet=quiet)
        prepared, later = with_what_came_later(prepared)
        intake, is_new = _take_in(prepared), not folder.calls.exists()
        _warn(prepared, quiet=quiet)
        carried = carry(prepared, map(tables.pair, tables.read(folder.pairs)))
        _foretell(prepared, carried, quiet=quiet or not is_new or prepared.config.takes_prompts)
        if prepared.config.audit.require_agreement is not None:
            take_labelled(prepared, folder.pairs)  # without any the bar is an error, and that before the first call
        with teacher(prepared) as asked:
            write_text(folder.config, yaml_file.text(prepared.config.model_dump(mode="json")))
            audited, labelled = _labelled_first(prepared, asked, engine, carried=carried, quiet=quiet)
            selected = select(prepared, intake, asked, engine, carried=carried, quiet=quiet)
            responded = NOBODY
            if prepared.config.takes_prompts:
                responded = respond_and_pair(prepared, intake, asked, engine, quiet=quiet)
                _foretell(prepared, carried, quiet=quiet or not is_new)
            planted = plant(prepared, intake, asked, engine, quiet=quiet)
            chosen = choose(prepared, asked, engine, carried=carried, quiet=quiet)
            referred = refer(prepared, asked, engine, quiet=quiet, responses=_responses(prepared))
            intake.set_aside.extend((*chosen.set_aside, *referred.set_aside))
            described = manifest.describe(prepared.config, prepared.catalogue, chosen.in_use, asked)
            calls = judge(prepared, asked, engine, carried=carried, quiet=quiet)
        written = [*selected.tables, *responded.tables, *planted.tables, *referred.tables]
        used = used_by([*written, *choice_tables(folder), *engine_tables(folder)], prepared.prices)
        records = {**selected.record, **responded.record, **planted.record, **referred.record}
        described |= {"usage": asdict(used), "scenarios": chosen.record(), **records}
        if again := ask_again(prepared, engine, quiet=quiet):
            used = used_together(used, again.used)
            described |= {"usage": asdict(used), "rescue": again.record}
        if prepared.previous is not None:
            described["previous"] = {
                "name": prepared.previous.name,
                "calls_carried": calls_carried(folder.calls),
                "pairs_carried": sum(row["id"] in carried.pairs for row in tables.read(folder.pairs, ["id"])),
            }
        outcome = finish(prepared, intake, described | later.record())
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    demo, said = prepared.config.teacher.model == "local", ""
    if audited is not None:
        calls, said = together(audited.calls, calls), audited.said
    twice = [together(first, then) for first, then in zip(labelled, (chosen.calls, referred.calls), strict=True)]
    made = [*selected.calls, *responded.calls, planted.calls, *twice, calls, *([again.calls] if again else [])]
    ranking = outcome.ranking.text() if outcome.ranking else ""
    lines = (*selected.lines, referred.text, responded.text, planted.text, ranking, later.text(prepared))
    return Result(outcome, reduce(_sum, made), used, chosen.text(), demo, said, lines)


def _foretell(prepared: Prepared, carried: Carried, *, quiet: bool) -> None:
    if not quiet:
        print(outlook(prepared, carried), file=sys.stderr)


def _warn(prepared: Prepared, *, quiet: bool) -> None:
    for warning in () if quiet else about_columns(prepared):
        print(f"Warning: {warning}.", file=sys.stderr)


def _labelled_first(
    prepared: Prepared, asked: Teacher, engine: Engine, *, carried: Carried, quiet: bool
) -> tuple[Audited | None, tuple[Counts, Counts]]:
    """The audit where the config sets a bar, with the calls for the scenarios and for the references of its pairs."""
    if prepared.config.audit.require_agreement is None:
        return None, (Counts(), Counts())
    part = replace(prepared, folder=prepared.folder.audit())
    chosen = choose(part, asked, engine, carried=carried, quiet=quiet)
    referred = refer(part, asked, engine, quiet=quiet)
    audited = audit_first(prepared, lambda labelled: judge(labelled, asked, engine, quiet=quiet))
    return audited, (chosen.calls, referred.calls)


def _responses(prepared: Prepared) -> Path | None:
    """The table of those to the prompts that pairs were made of."""
    return prepared.folder.responses if prepared.config.takes_prompts else None


def _take_in(prepared: Prepared) -> Intake:
    return take_prompts(prepared) if prepared.config.takes_prompts else take_in(prepared)


def audit_stages(engine: Engine, config_path: Source, *, quiet: bool) -> Audited:
    """As `synth.run.run.audit_config` has it, with an engine that was started."""
    prepared = prepare(config_path, {})
    folder = prepared.folder
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        part = replace(prepared, folder=folder.audit())
        part.folder.pairs.parent.mkdir(exist_ok=True)
        _take_in(part)
        take_labelled(prepared, part.folder.pairs)
        with teacher(prepared) as asked:
            write_text(folder.config, yaml_file.text(prepared.config.model_dump(mode="json")))
            choose(part, asked, engine, quiet=quiet)
            refer(part, asked, engine, quiet=quiet)
            audited = judge_labelled(prepared, lambda labelled: judge(labelled, asked, engine, quiet=quiet))
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    return audited


def planted_stages(engine: Engine, config_path: Source, n: int, *, quiet: bool) -> AuditedByFlaws:
    """As `synth.run.run.audit_by_flaws` has it, with an engine that was started."""
    prepared = prepare(config_path, {})
    folder = prepared.folder
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        part = replace(prepared, folder=folder.planting())
        begin(part.folder)
        intake, _ = take_few(part, n)
        with teacher(prepared) as asked:
            write_text(folder.config, yaml_file.text(prepared.config.model_dump(mode="json")))
            responded = NOBODY
            if prepared.config.takes_prompts:
                responded = respond_and_pair(part, intake, asked, engine, quiet=quiet)
            few_pairs(part, n)
            planted = plant_all(part, asked, engine, quiet=quiet)
            refuse_none(part.folder, sum(planted.pairs.values()))
            chosen = choose(part, asked, engine, quiet=quiet)
            referred = refer(part, asked, engine, quiet=quiet, responses=_responses(part))
            judged = judge(part, asked, engine, quiet=quiet)
        calls = reduce(_sum, [*responded.calls, planted.calls, chosen.calls, referred.calls, judged])
        audited = audit_planted(folder, part.folder, calls, planted.text)
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    return audited


def preview_stages(
    engine: Engine, config_path: Source, overrides: dict[str, dict[str, Any]], n: int, *, name: str | None, quiet: bool
) -> Preview:
    """As `synth.run.run.preview` has it, with an engine that was started."""
    prepared = prepare(config_path, overrides, name)
    if in_batches := prepared.config.teacher.mode == "batch":
        live = {"teacher": {**overrides.get("teacher", {}), "mode": "live"}}
        prepared = prepare(config_path, overrides | live, name)
    folder = prepared.folder
    with folder.claimed(), _nothing_left_by_a_config_error(folder):
        part = replace(prepared, folder=folder.preview())
        intake, of = take_few(part, n)
        with teacher(prepared) as asked:
            written, responded = Generated(), NOBODY
            if prepared.config.takes_prompts:
                written = write_few(part, intake, asked, engine, n, quiet=quiet)
                intake = few_prompts(part, n, intake)
                responded = respond_and_pair(part, intake, asked, engine, quiet=quiet)
            few_pairs(part, n)
            planted = plant(part, intake, asked, engine, quiet=quiet)
            pairs = list(map(tables.pair, tables.read(part.folder.pairs)))
            chosen = choose(part, asked, engine, quiet=quiet)
            referred = refer(part, asked, engine, quiet=quiet, responses=_responses(part))
            judged = judge(part, asked, engine, quiet=quiet)
            calls = reduce(
                _sum, [*written.calls, *responded.calls, planted.calls, chosen.calls, referred.calls, judged]
            )
        shown = tuple(look(part, pairs))
        rmtree(folder.work)
        folder.engine_log.unlink(missing_ok=True)
    later = tuple(one.name for one in prepared.filters.whole_set)
    made = prepared.config.takes_prompts
    return Preview(folder.path, shown, of, chosen.text(), calls, later, live=in_batches, made_of_prompts=made)


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(
        answered=one.answered + other.answered,
        reused=one.reused + other.reused,
        failed=one.failed + other.failed,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cost_usd=one.cost_usd + other.cost_usd,
        reused_usd=one.reused_usd + other.reused_usd,
    )


@contextmanager
def _nothing_left_by_a_config_error(folder: RunFolder) -> Iterator[None]:
    rmtree(folder.work, ignore_errors=True)
    try:
        yield
    except ConfigError:
        rmtree(folder.work, ignore_errors=True)
        if not folder.config.exists() and not folder.calls.exists():
            rmtree(folder.path)
        raise
