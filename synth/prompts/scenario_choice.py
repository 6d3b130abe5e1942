"""What a teacher is asked that chooses the scenario of a prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from synth.domain import Message, Prompt
from synth.parsing.scenario_reply import scenario_schema
from synth.parsing.schema import Schema
from synth.prompts.render import Question, template
from synth.prompts.tags import mark, turns
from synth.scenario import Scenario
from synth.scenario.offer import UNCERTAIN


@dataclass(frozen=True, slots=True)
class ScenarioQuestion:
    """Begins the same for every prompt, so that endpoints which keep the beginning of a request find it again."""

    system: Message
    schema: Schema

    @classmethod
    def among(cls, offered: Sequence[Scenario], max_chars: int | None = None) -> Self:
        """`offered` are the scenarios to choose from; `max_chars` is the longest text of a reply."""
        values = {"offered": offered, "uncertain": UNCERTAIN, "max_chars": max_chars}
        system = Message("system", template("scenario.system.jinja2").render(values).strip())
        return cls(system, scenario_schema(one.name for one in offered))

    def about(self, prompt: Prompt) -> Question:
        user = template("scenario.user.jinja2").render(pair={"prompt": prompt}, mark=mark(turns(prompt))).strip()
        return Question((self.system, Message("user", user)), self.schema)
