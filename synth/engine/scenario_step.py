"""`ChooseScenario`: the scenario of rows that have none, in anybody's pipeline.

rows >> ChooseScenario(llm=teacher, input_batch_size=20000) >> AskAboutPairs(input_batch_size=5000) >> judge
"""

from pathlib import Path
from typing import Any

from distilabel.steps.base import StepInput
from distilabel.typing import FormattedInput, StepColumns, StepOutput
from pydantic import PrivateAttr

from synth.domain import ParseFailure
from synth.engine.llm import ANSWER, TeacherLLM
from synth.engine.task import TeacherTask, from_llm
from synth.parsing.scenario_reply import parse_scenario
from synth.parsing.schema import on_the_wire
from synth.prompts.scenario_choice import ScenarioQuestion
from synth.rows import columns
from synth.rows.pairs import prompt_key
from synth.scenario import load
from synth.scenario.offer import UNCERTAIN, offered


class ChooseScenario(TeacherTask):
    """The teacher's choice of a scenario, for each row without one. Rows that have one are passed on as they are.

    A prompt that stands in several rows of a batch is asked about once. `num_generations` is not used.

    Input columns:
        - prompt (`str` or a list of `{role, content}`)
        - scenario (`str`, optional): a scenario's name; absent or empty where one is to be chosen
    Output columns, of constant types:
        - scenario (`str`): `others` where the teacher is not sure, or says nothing that can be read
        - scenario_reason (`str`): the teacher's
        - scenario_failure (`str`): why there is no choice; empty where there is one, or where none was asked for
        - scenario_reply (`str`): as it came

    Attributes:
        scenarios: folders of scenario files beside the built-in ones.
        among: what to choose from: scenarios, groups, folders; all where empty. `others` is always among them.
        max_chars: the longest text of a reply, in characters.
    """

    scenarios: list[str] = []
    among: list[str] = []
    max_chars: int | None = None

    _question: ScenarioQuestion | None = PrivateAttr(default=None)

    @property
    def inputs(self) -> StepColumns:
        return {"prompt": True, "scenario": False}

    @property
    def outputs(self) -> StepColumns:
        return [*columns.SCENARIO, "model_name"]

    def load(self) -> None:
        folders = [Path(folder) for folder in self.scenarios]
        self._question = ScenarioQuestion.among(offered(load(folders), folders, self.among), self.max_chars)
        super().load()

    def process(self, inputs: StepInput) -> StepOutput:
        keys = ["" if row.get("scenario") else prompt_key(columns.prompt(row["prompt"])) for row in inputs]
        asked: dict[str, dict[str, Any]] = {}
        for key, row in zip(keys, inputs, strict=True):
            if key:
                asked.setdefault(key, row)
        made = (*columns.SCENARIO, "model_name", *(self._extra() if isinstance(self.llm, TeacherLLM) else ()))
        rows = self.answered(list(asked.values()))
        answers = {key: {name: row[name] for name in made} for key, row in zip(asked, rows, strict=True)}
        yield [{**row, **(answers[key] if key else self._left(row))} for key, row in zip(keys, inputs, strict=True)]

    def _left(self, row: dict[str, Any]) -> dict[str, Any]:
        """The same columns for a row that was not asked about."""
        extra = self._extra() if isinstance(self.llm, TeacherLLM) else {}
        return {**_choice(row["scenario"]), "model_name": self.llm.model_name, **extra}

    def _extra(self) -> dict[str, Any]:
        return {theirs: ANSWER[ours] for ours, theirs in from_llm(self.name).items()}

    def format_input(self, input: dict[str, Any]) -> FormattedInput:
        assert self._question is not None, "load() comes first"
        asked = self._question.about(columns.prompt(input["prompt"]))
        chat = [{"role": message.role, "content": message.content} for message in asked.messages]
        return chat, {"format": "json", "schema": on_the_wire(asked.schema, self.max_chars)}

    def format_output(self, output: str | None, input: dict[str, Any] | None = None) -> dict[str, Any]:
        assert self._question is not None, "load() comes first"
        if output is None:
            return _choice(UNCERTAIN, failure="no reply")
        read = parse_scenario(output, self._question.schema)
        if isinstance(read, ParseFailure):
            return _choice(UNCERTAIN, failure=read.reason, reply=output)
        return _choice(read.scenario, reason=read.reason, reply=output)


def _choice(scenario: str, *, reason: str = "", failure: str = "", reply: str = "") -> dict[str, str]:
    return dict(zip(columns.SCENARIO, (scenario, reason, failure, reply), strict=True))
