"""`TeacherTask`: a distilabel task that asks row by row, so that no slot waits for the end of a batch."""

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distilabel.steps.tasks.base import Task

from synth.engine.llm import ANSWER, TeacherLLM

_NOT_COLUMNS = ("generations", "statistics")


class TeacherTask(Task):
    """With a `TeacherLLM` rows are rendered, asked and read one by one as slots come free; with any other LLM as
    distilabel does it: all rendered first, all read last."""

    add_raw_output: bool = False
    add_raw_input: bool = False

    def load(self) -> None:
        for talkative in ("httpx", "httpx2"):  # a line a call, each through a queue to another process
            logging.getLogger(talkative).setLevel(logging.WARNING)
        super().load()

    def answered(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with what `format_output` makes of the replies, in their order."""
        if not rows:
            return []
        if isinstance(self.llm, TeacherLLM):
            done: list[dict[str, Any]] = self.llm.event_loop.run_until_complete(self._each(rows, self.llm))
            return done
        return list(next(super().process(rows)))

    async def _each(self, rows: list[dict[str, Any]], llm: TeacherLLM) -> list[dict[str, Any]]:
        done: list[dict[str, Any]] = [{}] * len(rows)
        waiting = iter(enumerate(rows))

        async def work() -> None:
            for index, row in waiting:
                done[index] = await self._one(row, llm)

        await asyncio.gather(*(work() for _ in range(min(llm.most_at_once, len(rows)))))
        return done

    async def _one(self, row: dict[str, Any], llm: TeacherLLM) -> dict[str, Any]:
        answer = await llm.agenerate(self.format_input(row), sample=row.get("sample", 0))
        extra = {f"llm_{self.name}_{name}": values[0] for name, values in answer.items() if name not in _NOT_COLUMNS}
        return {**row, **self.format_output(answer["generations"][0], row), "model_name": llm.model_name, **extra}


def from_llm(task: str) -> dict[str, str]:
    """The columns that a `TeacherLLM` adds: our name -> distilabel's."""
    return {name: f"llm_{task}_{name}" for name in ANSWER}


def to_disk(folder: str, rows: list[dict[str, Any]], columns: Mapping[str, str]) -> None:
    """Write rows to a file of their own, named by the position of the first; `columns` are new name -> old name.

    A run's tasks end with this and pass on only that they are done: texts that travelled on through distilabel would
    be copied five times, and all be in memory at the end.
    """
    named = {ours: [row[theirs] for row in rows] for ours, theirs in columns.items()}
    path = Path(folder) / f"{rows[0]['position']:012d}.parquet"
    beside = path.with_suffix(".tmp")
    pq.write_table(pa.table(named), beside)
    os.replace(beside, path)
