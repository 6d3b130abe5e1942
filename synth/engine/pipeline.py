"""The run's own pipeline: load the pairs, ask about each, judge."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distilabel.pipeline import Pipeline, base

from synth.engine.llm import TeacherLLM
from synth.engine.steps import AskAboutPairs, Judge, LoadPairs
from synth.rows import columns

PAIRS_A_BATCH = 5_000
WORKERS_MAY_END = threading.Event()
_NAP_SECONDS = 0.05
_KEPT = ("id", *columns.ASK, "model_name", *columns.JUDGMENT, *columns.OUTCOME)
_FROM_LLM = {
    "error": "llm_judge_error",
    "error_kind": "llm_judge_error_kind",
    "finish_reason": "llm_judge_finish_reason",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the pipeline is to do, in values that JSON can carry. `teacher` are the fields of a `TeacherLLM`,
    `manner` those of a `Manner`."""

    name: str
    pairs: str
    judgments: str
    cache: str
    teacher: dict[str, Any]
    protocols: list[str]
    scenarios: list[str]
    manner: dict[str, Any]


class Uninterrupted(Pipeline):
    """A pipeline that runs to its end on SIGINT: distilabel's own handling can hang and throws finished work away.

    The workers see the signal too, and the LLM answers what is not yet asked with `stopped`.
    """

    def _handle_keyboard_interrupt(self) -> Any:
        return signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _teardown(self) -> None:
        WORKERS_MAY_END.set()
        super()._teardown()


def run(job: Job) -> int:
    """Judge every pair and write one row a question to `job.judgments`, in the order of the pairs. Returns how many.

    Batches are large: distilabel waits for the slowest call of a batch before it starts the next one.
    """
    asks_a_batch = PAIRS_A_BATCH * 2 * len(job.protocols)
    with Uninterrupted(name=job.name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        pairs = LoadPairs(name="pairs", path=job.pairs, batch_size=PAIRS_A_BATCH)
        asks = AskAboutPairs(name="asks", protocols=job.protocols, input_batch_size=PAIRS_A_BATCH)
        judge = Judge(
            name="judge",
            llm=TeacherLLM(**job.teacher),
            scenarios=job.scenarios,
            **job.manner,
            input_batch_size=asks_a_batch,
        )
        pairs >> asks >> judge
    with short_naps():
        result = pipeline.run(use_cache=False)
    table = result["default"]["train"].data.table if "default" in result else pa.table({})
    return _write(table, Path(job.judgments))


@contextmanager
def short_naps() -> Iterator[None]:
    """distilabel sleeps 2.5 s when it loads its steps and half a second when it ends them, however soon they are."""
    theirs = base.time
    base.time = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, _NAP_SECONDS)))
    try:
        yield
    finally:
        base.time = theirs


def _write(table: pa.Table, path: Path) -> int:
    if table.num_rows == 0:
        return 0
    table = table.sort_by([(name, "ascending") for name in ("position", *columns.ASK)])
    named = {name: table[name] for name in _KEPT} | {ours: table[theirs] for ours, theirs in _FROM_LLM.items()}
    pq.write_table(pa.table(named).rename_columns(["pair_id", *list(named)[1:]]), path)
    return int(table.num_rows)
