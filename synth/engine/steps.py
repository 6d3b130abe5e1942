"""The steps before the judging: ordinary distilabel Steps that fit into anybody's pipeline.

    with Pipeline("my-judge") as pipeline:
        rows = LoadDataFromHub(repo_id="me/pairs")        # prompt, response_a, response_b, and scenario if you like
        asks = AskAboutPairs(input_batch_size=5000)       # a row for each order and each response
        judge = Judge(llm=TeacherLLM(model="gpt-4.1", base_url=..., journal="calls"), input_batch_size=20000)
        rows >> asks >> judge

They mark rows and never drop one: a pipeline of distilabel's hangs when a step empties its last batch. Nothing raises
on account of a row: an exception would turn the whole batch into None, paid replies included.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any, ClassVar

import pyarrow.parquet as pq
from distilabel.steps.base import GeneratorStep, Step, StepInput
from distilabel.typing import GeneratorStepOutput, StepColumns, StepOutput

from synth.domain import Protocol, asks
from synth.rows import columns

_TOGETHER = 16


class LoadPairs(GeneratorStep):
    """Rows of a parquet file of pairs, in the file's order, with their `position` in it (from 0).

    Attributes:
        path: the file; it has at least the output columns.
    """

    path: str

    _columns: ClassVar[tuple[str, ...]] = columns.PAIR

    @property
    def outputs(self) -> StepColumns:
        return [*self._columns, "position"]

    def process(self, offset: int = 0) -> GeneratorStepOutput:
        file = pq.ParquetFile(self.path)
        left = file.metadata.num_rows - offset
        skip = offset
        for batch in file.iter_batches(batch_size=self.batch_size, columns=list(self._columns)):
            rows = batch.to_pylist()[skip:] if skip < len(batch) else []
            skip = max(0, skip - len(batch))
            if rows:
                first = file.metadata.num_rows - left
                left -= len(rows)
                yield [{**row, "position": first + index} for index, row in enumerate(rows)], left <= 0


class AskAboutPairs(Step):
    """One row for each question about a pair: both orders, each response alone.

    Pairs stand by scenario, and the questions of one protocol about `_TOGETHER` of them in a row: their prompts begin
    alike, and endpoints that keep the beginning of a prompt (most sell it cheaper, a local one saves the time) find it
    again. Not more of them, so that pairs are done one after another and not all at the end.

    Input columns:
        - prompt (`str` or a list of `{role, content}`), response_a (`str`), response_b (`str`)
    Output columns: the input's, and
        - protocol (`pairwise` or `pointwise`), order (`ab`, `ba` or empty), response (`a`, `b` or empty)
        - sample (`int`): tells apart rows that ask the same

    Attributes:
        protocols: which protocols to ask by.
        samples: the samples of each question; one, as a rule.
    """

    protocols: list[str] = ["pairwise", "pointwise"]
    samples: list[int] = [0]

    @property
    def inputs(self) -> StepColumns:
        return ["prompt", "response_a", "response_b"]

    @property
    def outputs(self) -> StepColumns:
        return [*columns.ASK, "sample"]

    def process(self, inputs: StepInput) -> StepOutput:
        yield asks_about(inputs, self.protocols, self.samples)


def asks_about(pairs: Iterable[dict[str, Any]], protocols: list[str], samples: list[int]) -> list[dict[str, Any]]:
    """The rows that `AskAboutPairs` makes of rows of pairs, in its order."""
    by_scenario = sorted(pairs, key=lambda row: row.get("scenario") or "")
    return [
        {**row, **columns.ask_row(ask), "sample": sample}
        for _, rows in groupby(by_scenario, key=lambda row: row.get("scenario") or "")
        for together in batched(rows, _TOGETHER)
        for protocol in protocols
        for row in together
        for ask in asks((Protocol(protocol),))
        for sample in samples
    ]


def batched(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """itertools.batched, which Python has from 3.12 on."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
