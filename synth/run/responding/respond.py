"""Has the prompts answered, and makes responses.parquet of what came back and of what the rows brought."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from synth.config.model import Endpoint
from synth.domain import PromptRow
from synth.errors import RunError
from synth.pairing.draw import Setting
from synth.pairing.response import Response
from synth.run import tables
from synth.run.engine import Engine
from synth.run.estimate import Tally
from synth.run.folder import RunFolder
from synth.run.judging import refuse_missing
from synth.run.prepare import Prepared
from synth.run.progress_line import follow
from synth.run.responding.intake import prompts_of
from synth.run.responding.settings import Responders, answered, asked, given, request, responders
from synth.run.teacher import Teacher, answering, for_engine
from synth.teacher.budget import usd
from synth.teacher.progress import Counts

_PROMPTS = 50
_PROGRESS = "progress-responses.json"


def respond(prepared: Prepared, teacher: Teacher, engine: Engine, *, quiet: bool) -> Counts:
    """Raises RunError, with what is missing and why, where calls were not made. A call that failed for good is a
    response with a mark."""
    folder, who = prepared.folder, responders(prepared.config)
    questions = folder.work / "questions.parquet"
    expected = tables.write(questions, tables.QUESTIONS, _questions(prepared, who))
    counts = Counts()
    if expected:
        if not quiet and not folder.calls.exists() and prepared.previous is None:
            print(outlook(prepared, who, expected), file=sys.stderr)
        used = Counter(row["pool"] for row in tables.read(questions, ["pool"]))
        with ExitStack() as running:
            pools = [_pool(prepared, who, place, teacher, running, used) for place in range(len(who.pools))]
            counts = ask(prepared, pools, engine, questions, expected, quiet=quiet)
    tables.write(folder.responses, tables.RESPONSES, _rows(prepared, who))
    return counts


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
            one = request(row, setting)
            yield {
                "id": row.id,
                "number": number,
                "pool": setting.pool,
                "messages": [{"role": role, "content": content} for role, content in one.messages],
                "max_tokens": one.max_tokens,
                "parameters": json.dumps(one.parameters),
                "sample": one.sample,
            }


def _pool(
    prepared: Prepared, who: Responders, place: int, teacher: Teacher, running: ExitStack, used: Mapping[int, int]
) -> dict[str, Any]:
    """One that nobody asks does not run at all."""
    settings, work = who.pools[place], prepared.folder.work
    if used[place]:
        return pool(prepared, settings, teacher, running, work / f"responder-{place}.log", _PROGRESS)
    return for_engine(prepared, Teacher(settings.model, settings.addresses, 1, {}, settings), work / _PROGRESS)


def pool(
    prepared: Prepared, settings: Endpoint, teacher: Teacher, running: ExitStack, log: Path, progress: str
) -> dict[str, Any]:
    """A model that is asked, as the engine takes it. A local one that the teacher is, too, runs once."""
    if prepared.local and teacher.settings.model == settings.model:
        at = Teacher(teacher.model, teacher.addresses, teacher.slots, {}, settings)
    else:
        at = running.enter_context(answering(prepared, settings, {}, log))
    return for_engine(prepared, at, prepared.folder.work / progress)


def responded_tables(folder: RunFolder) -> list[Path]:
    """What the engine brought: tables with a row a question, in the order of the prompts."""
    return brought(folder, "responses")


def brought(folder: RunFolder, what: str) -> list[Path]:
    return sorted((folder.work / what).glob("*.parquet"))


def ask(
    prepared: Prepared,
    pools: list[dict[str, Any]],
    engine: Engine,
    questions: Path,
    expected: int,
    *,
    quiet: bool,
    what: str = "responses",
    doing: str = "responding",
) -> Counts:
    """Have the engine bring `what` the questions, a table of so many, ask for. Raises as `respond` does."""
    folder = prepared.folder
    job = {
        "stage": "responding",
        "name": f"judgemill-{prepared.config.name}-{what}",
        "questions": str(questions.resolve()),
        "responses": str((folder.work / what).resolve()),
        "cache": str((folder.work / f"distilabel-{what}").resolve()),
        "log": str(folder.engine_log.resolve()),
        "pools": pools,
    }
    engine.begin(job, folder.work / f"job-{what}.json")
    counts = follow(engine, pools[0], expected, doing=doing, quiet=quiet)
    parts = brought(folder, what)
    if (found := sum(map(tables.count, parts))) != expected:
        raise RunError(f"the engine brought {found} of {expected} {what}; see {folder.engine_log}")
    refuse_missing(parts, expected, f"calls for {what}")
    return counts


def _rows(prepared: Prepared, who: Responders) -> Iterator[dict[str, Any]]:
    answers = tables.read_all(responded_tables(prepared.folder))
    for _, row in prompts_of(prepared):
        own = given(row)
        yield from (_row(row, one) for one in own)
        before = list(own)
        for number, setting in asked(row, who, prepared.config.seed):
            answer = next(answers)
            if (answer["id"], answer["number"]) != (row.id, number):
                raise RunError(f"the engine mixed up its rows at '{row.id}'; this is a bug, please report it")
            finish_reason = answer["finish_reason"]
            before.append(answered(number, setting, before, answer["text"], finish_reason, _error(answer)))
            yield _row(row, before[-1], setting, finish_reason)


def _error(answer: Mapping[str, Any]) -> str:
    return str(answer["error"] or "no reply") if answer["error_kind"] else ""


def _row(row: PromptRow, one: Response, setting: Setting | None = None, finish_reason: str = "") -> dict[str, Any]:
    return {
        "prompt_id": row.id,
        "number": one.number,
        "origin": "asked" if setting else "given",
        "model": one.model,
        "temperature": setting.temperature if setting else None,
        "system": setting.system if setting else "",
        "text": one.text,
        "finish_reason": finish_reason,
        "mark": str(one.mark),
        "detail": one.detail,
    }
