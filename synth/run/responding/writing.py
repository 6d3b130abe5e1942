"""Has models write texts: each question to its own model, all of them in one job of the engine."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.config.model import Endpoint
from synth.errors import RunError
from synth.run import tables
from synth.run.engine import Engine
from synth.run.folder import RunFolder
from synth.run.judging import refuse_missing
from synth.run.models import served
from synth.run.prepare import Prepared
from synth.run.progress_line import follow
from synth.run.teacher import Teacher, answering, for_engine
from synth.teacher.call import Request
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Writing:
    """One round of it: the `name` of its files, what stands beside its progress, and the endpoints that are asked."""

    folder: RunFolder
    name: str
    doing: str
    pools: Sequence[Endpoint]

    @property
    def questions(self) -> Path:
        return self.folder.work / f"questions-{self.name}.parquet"

    @property
    def tables(self) -> list[Path]:
        """What the engine brought: tables with a row a question, in their order."""
        return sorted(self.brought.glob("*.parquet"))

    @property
    def brought(self) -> Path:
        return self.folder.work / self.name


def question(name: str, number: int, pool: int, request: Request) -> dict[str, Any]:
    """A row of the table of questions."""
    return {
        "id": name,
        "number": number,
        "pool": pool,
        "messages": [{"role": role, "content": content} for role, content in request.messages],
        "schema": request.schema,
        "max_tokens": request.max_tokens,
        "parameters": json.dumps(request.parameters),
        "sample": request.sample,
    }


def write_texts(prepared: Prepared, one: Writing, teacher: Teacher, engine: Engine, *, quiet: bool) -> Counts:
    """Ask what `one.questions` holds. Raises RunError, with what is missing and why, where calls were not made."""
    expected = tables.count(one.questions)
    if not expected:
        return Counts()
    used = Counter(row["pool"] for row in tables.read(one.questions, ["pool"]))
    with ExitStack() as running:
        pools = [_pool(prepared, one, place, teacher, running, used) for place in range(len(one.pools))]
        counts = put_to_engine(prepared, one, pools, engine, quiet=quiet)
    refuse_missing(one.tables, expected, f"calls for {one.name}")
    return counts


def put_to_engine(
    prepared: Prepared, one: Writing, pools: list[dict[str, Any]], engine: Engine, *, quiet: bool
) -> Counts:
    """One job of the engine, with models that are running. Raises RunError where it brings another number of rows."""
    folder, expected = one.folder, tables.count(one.questions)
    job = {
        "stage": "responding",
        "name": f"judgemill-{prepared.config.name}-{one.name}",
        "questions": str(one.questions.resolve()),
        "responses": str(one.brought.resolve()),
        "cache": str((folder.work / f"distilabel-{one.name}").resolve()),
        "log": str(folder.engine_log.resolve()),
        "pools": pools,
    }
    engine.begin(job, folder.work / f"job-{one.name}.json")
    counts = follow(engine, pools[0], expected, doing=one.doing, quiet=quiet)
    brought = sum(tables.count(part) for part in one.tables)
    if brought != expected:
        raise RunError(f"the engine brought {brought} of {expected} texts; see {folder.engine_log}")
    return counts


def running_teacher(prepared: Prepared, settings: Endpoint, teacher: Teacher) -> Teacher | None:
    """Where a local model answers that the teacher is, too: it runs once."""
    if prepared.local and teacher.settings.model == settings.model:
        return Teacher(teacher.model, teacher.addresses, teacher.slots, {}, settings)
    return None


def _pool(
    prepared: Prepared, one: Writing, place: int, teacher: Teacher, running: ExitStack, used: Mapping[int, int]
) -> dict[str, Any]:
    """A local model that nobody asks does not run at all."""
    settings, work = one.pools[place], one.folder.work
    if there := running_teacher(prepared, settings, teacher):
        at = there
    elif used[place]:
        at = running.enter_context(answering(prepared, settings, {}, work / f"{one.name}-{place}.log"))
    else:
        at = Teacher(served(settings), settings.addresses, 1, {}, settings)
    return for_engine(prepared, at, work / f"progress-{one.name}.json")


def answers_of(one: Writing) -> Iterator[dict[str, Any]]:
    return tables.read_all(one.tables)


def the_answer(answers: Iterator[dict[str, Any]], name: str, number: int) -> dict[str, Any]:
    """The next one, which must be to that question, with the reason in `error` where there is no text."""
    answer = next(answers)
    if (answer["id"], answer["number"]) != (name, number):
        raise RunError(f"the engine mixed up its rows at '{name}'; this is a bug, please report it")
    return answer | {"error": str(answer["error"] or "no reply") if answer["error_kind"] else ""}
