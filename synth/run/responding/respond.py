"""Has the prompts answered, and makes responses.parquet of what came back and of what the rows brought."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from synth.domain import PromptRow
from synth.pairing.draw import Setting
from synth.pairing.response import Response
from synth.run import tables
from synth.run.engine import Engine
from synth.run.estimate import Tally
from synth.run.prepare import Prepared
from synth.run.responding.intake import prompts_of
from synth.run.responding.settings import Responders, answered, asked, given, request, responders, written_to_targets
from synth.run.responding.targeting import (
    Targeted,
    scenario_tables,
    scenarios_of_prompts,
    targeted,
    without_scenario,
    written,
)
from synth.run.responding.writing import Writing, answers_of, question, the_answer, write_texts
from synth.run.teacher import Teacher
from synth.teacher.budget import usd
from synth.teacher.progress import Counts

_PROMPTS = 50
Scenarios = dict[str, str]  # by the id of the prompt


@dataclass(frozen=True, slots=True)
class _Entry:
    """A response as responses.parquet has it; no `setting` where the row brought it."""

    response: Response
    setting: Setting | None = None
    finish_reason: str = ""


def respond(prepared: Prepared, teacher: Teacher, engine: Engine, *, quiet: bool) -> list[Counts]:
    """The models' own answers first; then what is written to earn a score, as long as these are.

    Raises RunError, with what is missing and why, where calls were not made. A call that failed for good is a response
    with a mark.
    """
    folder, who = prepared.folder, responders(prepared.config)
    answering = _answering(prepared, who)
    expected = tables.write(answering.questions, tables.QUESTIONS, _questions(prepared, who))
    if expected and not quiet and not folder.calls.exists() and prepared.previous is None:
        print(outlook(prepared, who, expected), file=sys.stderr)
    calls = [write_texts(prepared, answering, teacher, engine, quiet=quiet)]
    scenarios: Scenarios = {}
    if any(written_to_targets(row, who) for _, row in prompts_of(prepared)):
        scenarios, chosen = scenarios_of_prompts(prepared, teacher, engine, quiet=quiet)
        to_targets = _to_targets(prepared, who)
        tables.write(to_targets.questions, tables.QUESTIONS, _target_questions(prepared, who, scenarios))
        calls += [chosen, write_texts(prepared, to_targets, teacher, engine, quiet=quiet)]
    tables.write(folder.responses, tables.RESPONSES, _rows(prepared, who, scenarios))
    return calls


def responded_tables(prepared: Prepared) -> list[Path]:
    """What the engine brought, for the count of what it took."""
    who = responders(prepared.config)
    return [*_answering(prepared, who).tables, *scenario_tables(prepared), *_to_targets(prepared, who).tables]


def _answering(prepared: Prepared, who: Responders) -> Writing:
    return Writing(prepared.folder, "responses", "responding", who.pools)


def _to_targets(prepared: Prepared, who: Responders) -> Writing:
    return Writing(prepared.folder, "targets", "writing to targets", [who.writer] if who.writer else [])


def outlook(prepared: Prepared, who: Responders, calls: int) -> str:
    """One line before the first of so many calls: about what they will take, from the first prompts."""
    tallies: dict[str, Tally] = {}
    for _, row in islice(prompts_of(prepared), _PROMPTS):
        for _, setting in asked(row, who, prepared.config.seed):
            tallies.setdefault(setting.model, Tally(setting.model)).see(request(row, setting), None)
    stages = [one.stage(prepared.prices[model], 1) for model, one in tallies.items()]
    scale = calls / max(sum(one.calls for one in stages), 1)
    tokens = sum(one.input_tokens + one.output_tokens for one in stages) * scale
    costs = [one.cost_usd for one in stages if one.cost_usd is not None]
    cost = f", about {usd(sum(costs) * scale)} USD" if sum(costs) and len(costs) == len(stages) else ""
    return f"{calls:,} calls for responses, about {tokens:,.0f} tokens{cost}"


def _questions(prepared: Prepared, who: Responders) -> Iterator[dict[str, Any]]:
    for _, row in prompts_of(prepared):
        for number, setting in asked(row, who, prepared.config.seed):
            yield question(row.id, number, setting.pool, request(row, setting))


def _target_questions(prepared: Prepared, who: Responders, scenarios: Scenarios) -> Iterator[dict[str, Any]]:
    for row, before in _answers(prepared, who):
        for one in _targets_of(prepared, who, row, scenarios, before):
            yield question(row.id, one.number, one.setting.pool, one.request)


def _targets_of(
    prepared: Prepared, who: Responders, row: PromptRow, scenarios: Scenarios, before: list[_Entry]
) -> list[Targeted]:
    if row.id not in scenarios:
        return []
    return targeted(prepared, who, row, scenarios[row.id], [one.response for one in before])


def _answers(prepared: Prepared, who: Responders) -> Iterator[tuple[PromptRow, list[_Entry]]]:
    """Every prompt with what its row brought and what models answered."""
    answers = answers_of(_answering(prepared, who))
    for _, row in prompts_of(prepared):
        entries = [_Entry(one) for one in given(row)]
        for number, setting in asked(row, who, prepared.config.seed):
            answer = the_answer(answers, row.id, number)
            before, finish_reason = [one.response for one in entries], answer["finish_reason"]
            made = answered(number, setting, before, answer["text"], finish_reason, answer["error"])
            entries.append(_Entry(made, setting, finish_reason))
        yield row, entries


def _rows(prepared: Prepared, who: Responders, scenarios: Scenarios) -> Iterator[dict[str, Any]]:
    answers = answers_of(_to_targets(prepared, who))
    for row, entries in _answers(prepared, who):
        for one in _targets_of(prepared, who, row, scenarios, entries):
            answer = the_answer(answers, row.id, one.number)
            before, finish_reason = [each.response for each in entries], answer["finish_reason"]
            made = written(one, row, before, answer["text"], finish_reason, answer["error"])
            entries.append(_Entry(made, one.setting, finish_reason))
        if row.id not in scenarios:
            entries += [_Entry(one, setting) for one, setting in without_scenario(row, who)]
        yield from (_row(row, one) for one in entries)


def _row(row: PromptRow, one: _Entry) -> dict[str, Any]:
    response, setting = one.response, one.setting
    return {
        "prompt_id": row.id,
        "number": response.number,
        "origin": "given" if setting is None else "asked" if response.target is None else "written",
        "model": response.model,
        "temperature": setting.temperature if setting else None,
        "system": setting.system if setting else "",
        "text": response.text,
        "finish_reason": one.finish_reason,
        "mark": str(response.mark),
        "detail": response.detail,
        "target": response.target,
    }
