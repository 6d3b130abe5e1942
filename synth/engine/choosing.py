"""The run's own pipeline of choosing: load the prompts without a scenario, have one chosen for each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from synth.engine.llm import TeacherLLM
from synth.engine.pipeline import Uninterrupted, short_naps
from synth.engine.scenario_step import ChooseScenario
from synth.engine.steps import LoadPairs
from synth.rows import columns

PROMPTS_A_BATCH = 20_000
_FROM_LLM = {
    "error": "llm_choose_error",
    "error_kind": "llm_choose_error_kind",
    "finish_reason": "llm_choose_finish_reason",
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the pipeline is to do, in values that JSON can carry. `teacher` are the fields of a `TeacherLLM`;
    `scenarios`, `among` and `max_chars` those of `ChooseScenario`."""

    name: str
    prompts: str
    choices: str
    cache: str
    teacher: dict[str, Any]
    scenarios: list[str]
    among: list[str]
    max_chars: int | None


class LoadPrompts(LoadPairs):
    """Rows of a parquet file of prompts, in the file's order, with their `position` in it (from 0)."""

    _columns: ClassVar[tuple[str, ...]] = ("id", "prompt")


def run(job: Job) -> int:
    """Choose for every prompt and write one row each to `job.choices`, in their order. Returns how many."""
    with Uninterrupted(name=job.name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        prompts = LoadPrompts(name="prompts", path=job.prompts, batch_size=PROMPTS_A_BATCH)
        choose = ChooseScenario(
            name="choose",
            llm=TeacherLLM(**job.teacher),
            scenarios=job.scenarios,
            among=job.among,
            max_chars=job.max_chars,
            input_batch_size=PROMPTS_A_BATCH,
        )
        prompts >> choose
    with short_naps():
        result = pipeline.run(use_cache=False)
    table = result["default"]["train"].data.table if "default" in result else pa.table({})
    return _write(table, Path(job.choices))


def _write(table: pa.Table, path: Path) -> int:
    if table.num_rows == 0:
        return 0
    table = table.sort_by("position")
    named = {name: table[name] for name in ("id", *columns.SCENARIO)}
    pq.write_table(pa.table(named | {ours: table[theirs] for ours, theirs in _FROM_LLM.items()}), path)
    return int(table.num_rows)
