"""The run's own pipeline on a Ray cluster: the judge step in replicas, on all nodes.

What passes through distilabel are slices, by the place of their first pair: replicas read the pairs from the run
folder. distilabel asks its generator for the next batch when one comes back, so that rows of a size for one replica
would keep one replica busy; slices are handed out all at once, and each replica takes the next when it is done with
one.

distilabel starts its actors and looks at none of them again. Here every one is watched, and what they brought is
counted.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow.parquet as pq
import ray
from distilabel.pipeline import ray as rays
from distilabel.pipeline.base import set_pipeline_running_env_variables
from distilabel.pipeline.ray import RayPipeline
from distilabel.pipeline.step_wrapper import _StepWrapper
from distilabel.steps.base import GeneratorStep, StepInput, StepResources
from distilabel.typing import GeneratorStepOutput, StepColumns, StepOutput
from distilabel.utils.logging import setup_logging
from ray.exceptions import RayActorError, RayError
from ray.util.queue import Queue

from synth.engine.pipeline import PAIRS_A_BATCH, Job, JudgeToDisk, without_waste
from synth.engine.ray_cluster import Node, nodes, on
from synth.engine.ray_gate import Coordinator, TeacherOnRay
from synth.engine.steps import asks_about
from synth.rows import columns
from synth.teacher.call import CallError

LOST = 71
_SLICES_A_REPLICA = 8  # so that none waits long for another at the end
_LOOK_SECONDS = 0.5
_DRAIN_SECONDS = 60.0
_SHOWN_SECONDS = 60.0


class _Slices(GeneratorStep):
    """Rows of where a slice of the pairs begins, all in one batch."""

    starts: list[int]

    @property
    def outputs(self) -> StepColumns:
        return ["start"]

    def process(self, offset: int = 0) -> GeneratorStepOutput:
        yield [{"start": start} for start in self.starts], True


class _JudgeSlices(JudgeToDisk):
    """Reads the pairs of a slice, and does with them what `JudgeToDisk` does.

    Attributes:
        path, pairs: the file, and how many of it a slice has.
        protocols, samples: as those of `AskAboutPairs`.
    """

    path: str
    pairs: int
    protocols: list[str]
    samples: list[int]

    @property
    def inputs(self) -> StepColumns:
        return ["start"]

    def process(self, inputs: StepInput) -> StepOutput:
        for one in inputs:
            pairs = _pairs(self.path, one["start"], self.pairs)
            yield from super().process(asks_about(pairs, self.protocols, self.samples))


def _pairs(path: str, start: int, count: int) -> list[dict[str, Any]]:
    """As `LoadPairs` brings them, of the row groups that hold them."""
    file = pq.ParquetFile(path)
    groups, before, seen = [], 0, 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if seen + rows <= start:
            before += rows
        elif seen < start + count:
            groups.append(group)
        seen += rows
    table = file.read_row_groups(groups, columns=list(columns.PAIR)).slice(start - before, count)
    return [{**row, "position": start + index} for index, row in enumerate(table.to_pylist())]


class _Replica:
    """The actor that a step runs in."""

    def __init__(self, wrapper: _StepWrapper, log: Any, name: str, signature: str) -> None:
        sys.excepthook = sys.__excepthook__  # distilabel's prints local variables, secrets included
        self._wrapper = wrapper
        self._log = log
        self._name, self._signature = name, signature

    def run(self) -> str:
        setup_logging(log_queue=self._log)
        set_pipeline_running_env_variables(self._name, self._signature)
        return str(self._wrapper.run())


class _Spread(RayPipeline):
    """A pipeline whose actors are spread over nodes, and known."""

    def __init__(self, over: list[Node], **fields: Any) -> None:
        super().__init__(**fields)
        self._nodes = tuple(over)
        self.running: dict[Any, tuple[Any, str]] = {}  # by what its work will bring: an actor, and who it is

    def _init_ray(self) -> None:
        """It is connected."""

    @property
    def QueueClass(self) -> Callable[..., Queue]:  # noqa: N802
        """Queues stay on this process's node, so that none is lost with another."""
        return lambda actor_options: Queue(actor_options=actor_options | on(self._nodes[0]))

    def _handle_keyboard_interrupt(self) -> None:
        """The command line takes the signals; distilabel's own handling can hang."""

    def _run_step(self, step: Any, input_queue: Any, replica: int) -> None:
        node = self._nodes[replica % len(self._nodes)]
        wrapper = _StepWrapper(
            step, replica, input_queue, self._output_queue, self._load_queue, self._dry_run, ray_pipeline=True
        )
        actor = ray.remote(_Replica).options(**on(node)).remote(wrapper, self._log_queue, self.name, self.signature)
        self.running[actor.run.remote()] = actor, f"'{step.name}' on node {node.address}"


def run(job: Job, replicas: int | None) -> None:
    """As `synth.engine.pipeline.run`, by so many replicas, one a node where nothing is said. The process ends with LOST
    and a line where one of them is lost; what is in the journal then is paid for."""
    over = nodes()
    count = replicas or len(over)
    total = pq.ParquetFile(job.pairs).metadata.num_rows
    pairs = min(max(ceil(total / (count * _SLICES_A_REPLICA)), 1), PAIRS_A_BATCH)
    starts = list(range(0, total, pairs))
    Path(job.judgments).mkdir(parents=True)
    name = f"{job.name}-{uuid4().hex}"  # distilabel's names of actors clash where two runs have one
    coordinator = ray.remote(Coordinator).options(name=f"{name}-coordinator", **on(over[0])).remote(job.teacher)
    with _Spread(over, name=name, cache_dir=job.cache, enable_metadata=False) as pipeline:
        slices = _Slices(name="slices", starts=starts, batch_size=len(starts))
        judge = _JudgeSlices(
            name="judge",
            llm=TeacherOnRay(**job.teacher, coordinator=f"{name}-coordinator"),
            **job.judging(),
            path=job.pairs,
            pairs=pairs,
            protocols=job.protocols,
            samples=job.samples,
            input_batch_size=1,
            resources=StepResources(replicas=count),
        )
        slices >> judge
    done = threading.Event()
    threading.Thread(target=_watch, args=(pipeline, coordinator, done), daemon=True).start()
    with without_waste(rays):
        pipeline.run(use_cache=False)
    done.set()
    _all_ended(pipeline, coordinator)
    _all_shown([Path(job.judgments, f"{start:012d}.parquet") for start in starts])
    try:
        ray.get(coordinator.close.remote())
    except RayError:
        pass  # the calls that it did not give leave for are rows that say so
    ray.kill(coordinator)


def _watch(pipeline: _Spread, coordinator: Any, done: threading.Event) -> None:
    """End this process where an actor has failed or is gone: distilabel would wait for it for ever, or believe that
    all is well."""
    while not done.wait(_LOOK_SECONDS):
        _look(pipeline, coordinator)


def _look(pipeline: _Spread, coordinator: Any) -> None:
    waiting = list(pipeline.running)
    if not waiting:
        return
    for ended in ray.wait(waiting, num_returns=len(waiting), timeout=0)[0]:
        try:
            ray.get(ended)
        except RayError as error:
            actor, who = pipeline.running[ended]
            _end(coordinator, actor, f"{who} is lost: {_said(error)}")


def _end(coordinator: Any, lost: Any, line: str) -> None:
    """Calls in flight elsewhere are paid for: they come to their end, and into the journal, and then so does this."""
    try:
        ray.get(coordinator.lose.remote(lost._actor_id.hex()))
        ray.get(coordinator.end.remote(CallError("endpoint", line)))
        end = time.monotonic() + _DRAIN_SECONDS
        while ray.get(coordinator.in_flight.remote()) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
    except RayError as error:
        line = f"{line}; and the coordinator: {_said(error)}"
    print(line, file=sys.stderr, flush=True)
    os._exit(LOST)


def _said(error: RayError) -> str:
    """In a line. Of a traceback it is the last that says what happened, but for distilabel's advertisement."""
    if isinstance(error, RayActorError):
        return "its process or its node died"
    lines = [line.strip() for line in str(error).splitlines()]
    return [line for line in lines if line and not line.startswith("For further information")][-1]


def _all_ended(pipeline: _Spread, coordinator: Any) -> None:
    """Replicas tell their last counts when they end."""
    ray.wait(list(pipeline.running), num_returns=len(pipeline.running), timeout=_DRAIN_SECONDS)
    _look(pipeline, coordinator)


def _all_shown(files: list[Path]) -> None:
    """Wait for what other nodes wrote: a network file system shows it late."""
    end = time.monotonic() + _SHOWN_SECONDS
    while missing := [file.name for file in files if not file.exists()]:
        if time.monotonic() > end:
            print(f"{len(missing)} of {len(files)} slices are missing, {missing[0]} first", file=sys.stderr, flush=True)
            os._exit(LOST)
        time.sleep(_LOOK_SECONDS)
