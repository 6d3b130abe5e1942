"""`Judge`: the task that has a teacher judge what `AskAboutPairs` asks."""

import asyncio
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from distilabel.steps.base import StepInput
from distilabel.steps.tasks.base import Task
from distilabel.typing import FormattedInput, StepColumns, StepOutput
from pydantic import PrivateAttr

from synth.asking import asked
from synth.domain import Ask, ParseFailure, Side
from synth.engine.llm import TeacherLLM
from synth.parsing.json_reply import parse_pairwise, parse_pointwise
from synth.prompts import Manner, reply_schema
from synth.rows import columns
from synth.scenario import Catalogue, load

_NOT_COLUMNS = ("generations", "statistics")


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

    def process(self, inputs: StepInput) -> StepOutput:
        """With a `TeacherLLM` rows are rendered, asked and read one by one as slots come free; with any other LLM as
        distilabel does it: all rendered first, all read last."""
        if isinstance(self.llm, TeacherLLM):
            yield self.llm.event_loop.run_until_complete(self._judge_all(inputs, self.llm))
        else:
            yield from super().process(inputs)

    async def _judge_all(self, rows: list[dict[str, Any]], llm: TeacherLLM) -> list[dict[str, Any]]:
        judged: list[dict[str, Any]] = [{}] * len(rows)
        waiting = iter(enumerate(rows))

        async def work() -> None:
            for index, row in waiting:
                judged[index] = await self._judge_one(row, llm)

        await asyncio.gather(*(work() for _ in range(min(llm.most_at_once, len(rows)))))
        return judged

    async def _judge_one(self, row: dict[str, Any], llm: TeacherLLM) -> dict[str, Any]:
        answer = await llm.agenerate(self.format_input(row))
        extra = {f"llm_{self.name}_{name}": values[0] for name, values in answer.items() if name not in _NOT_COLUMNS}
        return {**row, **self.format_output(answer["generations"][0], row), "model_name": llm.model_name, **extra}

    def format_input(self, input: dict[str, Any]) -> FormattedInput:
        messages, schema = asked(columns.pair(input), columns.ask(input), self._scenario(input), self._manner)
        return [{"role": role, "content": content} for role, content in messages], {"format": "json", "schema": schema}

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
