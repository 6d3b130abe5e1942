"""The run's own pipeline of responding: load the questions, ask each model its own, put the responses on disk.

Questions are prompts that are to be answered, or asks for a prompt, which have a schema, or for a reference.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from distilabel.steps.base import Step, StepInput
from distilabel.typing import StepColumns, StepOutput
from pydantic import PrivateAttr

from synth.engine.llm import ANSWER, TeacherLLM
from synth.engine.pipeline import Uninterrupted, without_waste
from synth.engine.steps import LoadPairs
from synth.engine.task import to_disk
from synth.teacher.call import Request

QUESTIONS_A_BATCH = 20_000
_QUESTION = ("id", "number", "pool", "messages", "schema", "max_tokens", "parameters", "sample")


@dataclass(frozen=True, slots=True)
class Job:
    """What the pipeline is to do, in values that JSON can carry. `pools` are the fields of a `TeacherLLM` each, with
    one journal, progress, stop and budget; `responses` is a folder."""

    name: str
    questions: str
    responses: str
    cache: str
    log: str
    pools: list[dict[str, Any]]


class _LoadQuestions(LoadPairs):
    """Rows of a parquet file of questions, in the file's order, with their `position` in it (from 0)."""

    _columns: ClassVar[tuple[str, ...]] = _QUESTION


class _RespondToDisk(Step):
    """Has each question answered by the model of its pool, and writes the responses to a file a batch.

    No task: a task has one LLM, and here they are several, which share what is left of the budget.

    Attributes:
        pools: the fields of each `TeacherLLM` (JSON, as distilabel takes no lists in lists).
        folder: where the files go. They sort as the questions do.
    """

    pools: str
    folder: str

    _llms: list[TeacherLLM] = PrivateAttr(default_factory=list)
    _loop: asyncio.AbstractEventLoop | None = PrivateAttr(default=None)

    @property
    def inputs(self) -> StepColumns:
        return list(_QUESTION)

    @property
    def outputs(self) -> StepColumns:
        return ["responded"]

    def load(self) -> None:
        super().load()
        self._loop = asyncio.new_event_loop()
        self._llms = [TeacherLLM(**fields) for fields in json.loads(self.pools)]
        shared = self._llms[0].shared()
        for llm in self._llms:
            llm.open(*shared)

    def unload(self) -> None:
        assert self._loop is not None, "load() comes first"
        for llm in self._llms:
            self._loop.run_until_complete(llm.close())
        self._loop.close()

    def process(self, inputs: StepInput) -> StepOutput:
        assert self._loop is not None, "load() comes first"
        rows = self._loop.run_until_complete(self._all(inputs))
        kept = ("id", "number", "model_name", "text", *ANSWER)
        to_disk(self.folder, rows, {name: name for name in kept})
        yield [{"responded": len(rows)}]

    async def _all(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        done: list[dict[str, Any]] = [{}] * len(rows)
        asked = Counter(row["pool"] for row in rows)
        waiting = [iter([(at, row) for at, row in enumerate(rows) if row["pool"] == pool]) for pool in self._pools]

        async def work(pool: int) -> None:
            for at, row in waiting[pool]:
                done[at] = await _answered(row, self._llms[pool])

        at_once = {pool: min(self._llms[pool].most_at_once, asked[pool]) for pool in self._pools}
        await asyncio.gather(*(work(pool) for pool in self._pools for _ in range(at_once[pool])))
        return done

    @property
    def _pools(self) -> range:
        return range(len(self._llms))


async def _answered(row: dict[str, Any], llm: TeacherLLM) -> dict[str, Any]:
    messages = tuple((turn["role"], turn["content"]) for turn in row["messages"])
    parameters = json.loads(row["parameters"])
    request = Request(llm.model, messages, row["schema"], row["max_tokens"], parameters, row["sample"])
    answer = await llm.answers([request])
    told = {name: answer[name][0] for name in ANSWER}
    if told["error_kind"] == "endpoint":
        Path(llm.stop).touch()  # a wrong key of one model must not wait for all answers of the others
    return {**row, **told, "text": answer["generations"][0] or "", "model_name": llm.model_name}


def run(job: Job) -> None:
    """Ask every question, and write one row each to files in `job.responses`, in their order."""
    Path(job.responses).mkdir(parents=True)
    with Uninterrupted(name=job.name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        questions = _LoadQuestions(name="questions", path=job.questions, batch_size=QUESTIONS_A_BATCH)
        respond = _RespondToDisk(
            name="respond",
            pools=json.dumps(job.pools),
            folder=job.responses,
            input_batch_size=QUESTIONS_A_BATCH,
        )
        questions >> respond
    with without_waste():
        pipeline.run(use_cache=False)
