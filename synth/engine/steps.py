"""The steps of a judging pipeline: ordinary distilabel Steps and Tasks that fit into anybody's pipeline.

    with Pipeline("my-judge") as pipeline:
        rows = LoadDataFromHub(repo_id="me/pairs")        # prompt, response_a, response_b, and scenario if you like
        asks = AskAboutPairs(input_batch_size=5000)       # a row for each order and each response
        judge = Judge(llm=TeacherLLM(model="gpt-4.1", base_url=..., journal="calls"), input_batch_size=20000)
        rows >> asks >> judge

They mark rows and never drop one: a pipeline of distilabel's hangs when a step empties its last batch. Nothing raises
on account of a row: an exception would turn the whole batch into None, paid replies included.
"""

from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow.parquet as pq
from distilabel.steps import GeneratorStep, Step, StepInput
from distilabel.steps.tasks import Task
from distilabel.typing import FormattedInput, GeneratorStepOutput, StepColumns, StepOutput
from pydantic import PrivateAttr

from synth.domain import Ask, ParseFailure, Protocol, Side, asks
from synth.parsing.json_reply import parse_pairwise, parse_pointwise
from synth.parsing.schema import on_the_wire
from synth.prompts import Manner, question, reply_schema
from synth.rows import columns
from synth.scenario import Catalogue, load


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

    Rows of one scenario and protocol stand together: their prompts begin alike, and endpoints that keep the beginning
    of a prompt (most sell it cheaper, a local one saves the time) find it again.

    Input columns:
        - prompt (`str` or a list of `{role, content}`), response_a (`str`), response_b (`str`)
    Output columns: the input's, and
        - protocol (`pairwise` or `pointwise`), order (`ab`, `ba` or empty), response (`a`, `b` or empty)

    Attributes:
        protocols: which protocols to ask by.
    """

    protocols: list[str] = ["pairwise", "pointwise"]

    @property
    def inputs(self) -> StepColumns:
        return ["prompt", "response_a", "response_b"]

    @property
    def outputs(self) -> StepColumns:
        return list(columns.ASK)

    def process(self, inputs: StepInput) -> StepOutput:
        by_scenario = sorted(inputs, key=lambda row: row.get("scenario") or "")
        groups = [list(rows) for _, rows in groupby(by_scenario, key=lambda row: row.get("scenario") or "")]
        yield [
            {**row, **columns.ask_row(ask)}
            for group in groups
            for protocol in self.protocols
            for row in group
            for ask in asks((Protocol(protocol),))
        ]


class Judge(Task):
    """The teacher's judgment of a pair, or of one response of it.

    Input columns:
        - prompt, response_a, response_b, protocol, order, response: as `AskAboutPairs` makes them
        - scenario (`str`, optional): a scenario's name; `others` where absent or empty
        - reference (`str`, optional)
    Output columns, by identity of the responses and of constant types:
        - verdict (`a`, `b`, `tie`; empty for pointwise and where nothing could be read)
        - score_a, score_b (`float`, NaN where not given), comparison, critique_a, critique_b (`str`)
        - criteria (`str`, JSON list of `{criterion, score, comment}`), written_reference (`str`)
        - failure (`str`: why there is no judgment; empty where there is one), reply (`str`, as it came)

    Attributes:
        scenarios: folders of scenario files beside the built-in ones.
        scale, language, criteria, grade_criteria, max_chars: how the teacher is asked, as `synth.prompts.Manner`
            has it.
    """

    scenarios: list[str] = []
    scale: str = "1-10"
    language: str = "auto"
    criteria: Literal["all", "own"] = "all"
    grade_criteria: bool = True
    max_chars: int | None = None
    add_raw_output: bool = False
    add_raw_input: bool = False

    _catalogue: Catalogue | None = PrivateAttr(default=None)
    _manner: Manner = PrivateAttr(default=Manner())

    @property
    def inputs(self) -> StepColumns:
        needed = ("prompt", "response_a", "response_b", *columns.ASK)
        return dict.fromkeys(needed, True) | {"scenario": False, "reference": False}

    @property
    def outputs(self) -> StepColumns:
        return [*columns.JUDGMENT, *columns.OUTCOME, "model_name"]

    def load(self) -> None:
        self._catalogue = load(Path(folder) for folder in self.scenarios)
        self._manner = Manner(**{field.name: getattr(self, field.name) for field in fields(Manner)})
        super().load()

    def format_input(self, input: dict[str, Any]) -> FormattedInput:
        asked = question(columns.pair(input), columns.ask(input), self._scenario(input), self._manner)
        chat = [{"role": message.role, "content": message.content} for message in asked.messages]
        return chat, {"format": "json", "schema": on_the_wire(asked.schema, self.max_chars)}

    def format_output(self, output: str | None, input: dict[str, Any] | None = None) -> dict[str, Any]:
        assert input is not None, "distilabel passes the row along"
        if output is None:
            return columns.NO_JUDGMENT | {"failure": "no reply", "reply": ""}
        read = self._read(output, columns.ask(input), input)
        if isinstance(read, ParseFailure):
            return columns.NO_JUDGMENT | {"failure": read.reason, "reply": output}
        return columns.judgment_row(read) | {"failure": "", "reply": output}

    def _read(self, reply: str, ask: Ask, row: dict[str, Any]) -> Any:
        schema = reply_schema(ask, self._scenario(row), self._manner, reference=row.get("reference") or "")
        if ask.order is not None:
            return parse_pairwise(reply, ask.order, schema)
        return parse_pointwise(reply, ask.response or Side.A, schema)

    def _scenario(self, row: dict[str, Any]) -> Any:
        assert self._catalogue is not None, "load() comes first"
        return self._catalogue.get(row.get("scenario") or "others")
