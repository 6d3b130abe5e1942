"""The run's own pipeline of choosing: load the prompts without a scenario, have one chosen for each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from distilabel.steps.base import StepInput
from distilabel.typing import StepColumns, StepOutput

from synth.engine.llm import TeacherLLM
from synth.engine.pipeline import Uninterrupted, without_waste
from synth.engine.scenario_step import ChooseScenario
from synth.engine.steps import LoadPairs
from synth.engine.task import from_llm, to_disk
from synth.rows import columns

PROMPTS_A_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Job:
    """What the pipeline is to do, in values that JSON can carry. `teacher` are the fields of a `TeacherLLM`;
    `choices` is a folder; `scenarios`, `among` and `max_chars` those of `ChooseScenario`."""

    name: str
    prompts: str
    choices: str
    cache: str
    log: str
    teacher: dict[str, Any]
    scenarios: list[str]
    among: list[str]
    max_chars: int | None


class LoadPrompts(LoadPairs):
    """Rows of a parquet file of prompts, in the file's order, with their `position` in it (from 0)."""

    _columns: ClassVar[tuple[str, ...]] = ("id", "prompt")


class _ChooseToDisk(ChooseScenario):
    """Writes what it brings to a file a batch, as judging does.

    Attributes:
        folder: where the files go. They sort as the prompts do.
    """

    folder: str

    @property
    def outputs(self) -> StepColumns:
        return ["chosen"]

    def process(self, inputs: StepInput) -> StepOutput:
        rows = self.answered(inputs)
        to_disk(
            self.folder, rows, {name: name for name in ("id", "model_name", *columns.SCENARIO)} | from_llm(self.name)
        )
        yield [{"chosen": len(rows)}]


def run(job: Job) -> None:
    """Choose for every prompt, and write one row each to files in `job.choices`, in their order."""
    Path(job.choices).mkdir(parents=True)
    with Uninterrupted(name=job.name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        prompts = LoadPrompts(name="prompts", path=job.prompts, batch_size=PROMPTS_A_BATCH)
        choose = _ChooseToDisk(
            name="choose",
            llm=TeacherLLM(**job.teacher),
            scenarios=job.scenarios,
            among=job.among,
            max_chars=job.max_chars,
            folder=job.choices,
            input_batch_size=PROMPTS_A_BATCH,
        )
        prompts >> choose
    with without_waste():
        pipeline.run(use_cache=False)
