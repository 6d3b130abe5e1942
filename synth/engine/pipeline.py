"""The run's own pipeline: load what is asked about each pair, judge, and put the judgments on disk batch by batch."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from distilabel.pipeline import base, local
from distilabel.pipeline.local import Pipeline
from distilabel.steps.base import StepInput
from distilabel.typing import GeneratorStepOutput, StepColumns, StepOutput
from pydantic import PrivateAttr

from filters import chosen, language
from synth.engine.judge import Judge
from synth.engine.kept_share import KeptShare
from synth.engine.llm import TeacherLLM
from synth.engine.steps import LoadPairs, asks_about
from synth.engine.task import from_llm, to_disk
from synth.rows import columns
from synth.scenario import Catalogue, Scenario

PAIRS_A_BATCH = 5_000
ASKS_A_BATCH_API_FILE = 50_000  # the next ones only go out when these are back
WORKERS_MAY_END = threading.Event()
_NAP_SECONDS = 0.01
_KEPT = (*columns.ASK, "sample", "model_name", *columns.JUDGMENT, *columns.OUTCOME)


@dataclass(frozen=True, slots=True)
class Job:
    """What the pipeline is to do, in values that JSON can carry. `teacher` are the fields of a `TeacherLLM`,
    `samples` which of each question, `scenarios` those in use, `manner` the fields of a `Manner`, `filters` what
    `filters.chosen` takes; `judgments` is a folder."""

    name: str
    pairs: str
    judgments: str
    cache: str
    log: str
    teacher: dict[str, Any]
    protocols: list[str]
    samples: list[int]
    scenarios: list[dict[str, Any]]
    manner: dict[str, Any]
    filters: dict[str, Any]

    @property
    def asks_a_pair(self) -> int:
        return 2 * len(self.protocols) * len(self.samples)

    def judging(self) -> dict[str, Any]:
        """The fields of `JudgeToDisk`, but for its LLM."""
        return {
            "definitions": json.dumps(self.scenarios),
            "folder": self.judgments,
            "filters": self.filters,
            "asks": self.asks_a_pair if len(self.samples) == 1 else 0,
            **self.manner,
        }


class _LoadAsks(LoadPairs):
    """What `LoadPairs` and `AskAboutPairs` bring, in one step: from one to the next distilabel copies every text, and
    calls wait for it.

    Attributes:
        protocols, samples: as those of `AskAboutPairs`. `batch_size` counts pairs.
    """

    protocols: list[str]
    samples: list[int]

    @property
    def outputs(self) -> StepColumns:
        return [*super().outputs, *columns.ASK, "sample"]

    def process(self, offset: int = 0) -> GeneratorStepOutput:
        for pairs, is_last in super().process(offset):
            yield asks_about(pairs, self.protocols, self.samples), is_last


class JudgeToDisk(Judge):
    """Writes what it brings to a file a batch.

    Attributes:
        folder: where the files go. They sort as the pairs do.
        filters: what `filters.chosen` takes, for the share of kept pairs beside the progress.
        asks: how many rows a pair has; 0 where it has several of one question, and no share is told.
        definitions: the scenarios in use (JSON, as distilabel takes no lists in lists), as the command line read them:
            reading the files again takes half a second.
    """

    folder: str
    filters: dict[str, Any]
    asks: int
    definitions: str

    _share: KeptShare | None = PrivateAttr(default=None)

    def load(self) -> None:
        wanted = {**self.filters, "base": Path(self.filters["base"])}
        self._share = KeptShare(chosen(**wanted), self.asks) if self.asks else None
        super().load()

    def _read_catalogue(self) -> Catalogue:
        return Catalogue({one["name"]: Scenario.of(one) for one in json.loads(self.definitions)})

    async def _one(self, row: dict[str, Any], llm: TeacherLLM) -> dict[str, Any]:
        answered = await super()._one(row, llm)
        if self._share is not None:
            self._share.see(answered)
            llm.tell(self._share.looked_at, self._share.kept)
        return answered

    @property
    def outputs(self) -> StepColumns:
        return ["judged"]

    def process(self, inputs: StepInput) -> StepOutput:
        language.load_for(len(inputs))  # so that no reply waits for it
        rows = self.answered(inputs)
        rows.sort(key=lambda row: tuple(row[name] for name in ("position", "sample", *columns.ASK)))
        to_disk(self.folder, rows, {"pair_id": "id"} | {name: name for name in _KEPT} | from_llm(self.name))
        yield [{"judged": len(rows)}]


class Uninterrupted(Pipeline):
    """A pipeline that runs to its end on SIGINT: distilabel's own handling can hang and throws finished work away."""

    def _handle_keyboard_interrupt(self) -> Any:
        return signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _teardown(self) -> None:
        WORKERS_MAY_END.set()
        super()._teardown()


def run(job: Job) -> None:
    """Judge every pair, and write one row a question to files in `job.judgments`, in the order of the pairs.

    Batches are large: distilabel waits for the slowest call of a batch before it starts the next one.
    """
    in_files = job.teacher.get("mode") == "batch"
    pairs_a_batch = max(ASKS_A_BATCH_API_FILE // job.asks_a_pair, 1) if in_files else PAIRS_A_BATCH
    Path(job.judgments).mkdir(parents=True)
    with Uninterrupted(name=job.name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        asks = _LoadAsks(
            name="asks", path=job.pairs, protocols=job.protocols, samples=job.samples, batch_size=pairs_a_batch
        )
        judge = JudgeToDisk(
            name="judge",
            llm=TeacherLLM(**job.teacher),
            **job.judging(),
            input_batch_size=pairs_a_batch * job.asks_a_pair,
        )
        asks >> judge
    with without_waste():
        pipeline.run(use_cache=False)


@contextmanager
def without_waste(pipelines: Any = local) -> Iterator[None]:
    """distilabel sleeps 2.5 s when it loads its steps and half a second when it ends them, however soon they are; and
    it makes a dataset of what the last step brought, which here is nothing anybody reads. `pipelines` is the
    module of the pipeline's class."""
    time_module, create = base.time, pipelines.create_distiset
    base.time = SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, _NAP_SECONDS)))
    pipelines.create_distiset = lambda *_, **__: None
    try:
        yield
    finally:
        base.time, pipelines.create_distiset = time_module, create
