"""What a model is asked that writes a response to earn a score."""

from functools import lru_cache

from synth.domain import Message, PromptRow
from synth.prompts.manner import Manner
from synth.prompts.render import scale_of, template, with_criteria
from synth.prompts.tags import mark, turns
from synth.scenario import Scenario


def target_messages(
    row: PromptRow, scenario: Scenario, manner: Manner, target: int, length: str
) -> tuple[Message, Message]:
    """`manner` is that of the judging: the response is written by the criteria and on the scale that the teacher is
    shown. `length` is in words, as `even_length` has it."""
    values = {"pair": row, "target": target, "length": length, "scale": scale_of(scenario, manner)}
    values["mark"] = mark([*turns(row.prompt), row.reference])
    user = template("writing/target.user.jinja2").render(values).strip()
    return _system(scenario, manner), Message("user", user)


@lru_cache(maxsize=1024)
def _system(scenario: Scenario, manner: Manner) -> Message:
    """The same for every prompt and score of a scenario, so that endpoints which keep a beginning find it again."""
    values = {"scenario": with_criteria(scenario, manner), "scale": scale_of(scenario, manner)}
    return Message("system", template("writing/target.system.jinja2").render(values).strip())
