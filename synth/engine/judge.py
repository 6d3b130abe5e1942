"""`Judge`: the task that has a teacher judge what `AskAboutPairs` asks."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from distilabel.steps.base import StepInput
from distilabel.typing import FormattedInput, StepColumns, StepOutput
from pydantic import PrivateAttr

from synth.asking import asked
from synth.domain import Ask, ParseFailure, Side
from synth.engine.task import TeacherTask
from synth.parsing.json_reply import parse_pairwise, parse_pointwise
from synth.prompts import Manner, reply_schema
from synth.rows import columns
from synth.scenario import Catalogue, load


class Judge(TeacherTask):
    """The teacher's judgment of a pair, or of one response of it.

    Input columns:
        - prompt, response_a, response_b, protocol, order, response: as `AskAboutPairs` makes them
        - scenario (`str`, optional): a scenario's name; `others` where absent or empty
        - reference (`str`, optional)
        - sample (`int`, optional): tells apart rows that ask the same; they are asked and paid for one by one
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

    _catalogue: Catalogue | None = PrivateAttr(default=None)
    _manner: Manner = PrivateAttr(default=Manner())

    @property
    def inputs(self) -> StepColumns:
        needed = ("prompt", "response_a", "response_b", *columns.ASK)
        return dict.fromkeys(needed, True) | {"scenario": False, "reference": False, "sample": False}

    @property
    def outputs(self) -> StepColumns:
        return [*columns.JUDGMENT, *columns.OUTCOME, "model_name"]

    def load(self) -> None:
        self._catalogue = self._read_catalogue()
        self._manner = Manner(**{field.name: getattr(self, field.name) for field in fields(Manner)})
        super().load()

    def _read_catalogue(self) -> Catalogue:
        return load(Path(folder) for folder in self.scenarios)

    def process(self, inputs: StepInput) -> StepOutput:
        yield self.answered(inputs)

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
