"""What a model is asked that plants a flaw in a copy of a response."""

from functools import cache

from synth.domain import Message, Pair, Side
from synth.prompts.render import template
from synth.prompts.tags import mark, turns


def flaw_messages(pair: Pair, side: Side, flaw: str) -> tuple[Message, Message]:
    """`flaw` is the name of a file in `templates/writing/flaws/`. Of the pair only one response is shown."""
    response = pair.response(side)
    values = {"pair": pair, "response": response, "mark": mark([*turns(pair.prompt), pair.reference, response])}
    return _system(flaw), Message("user", template("writing/flaw.user.jinja2").render(values).strip())


@cache
def _system(flaw: str) -> Message:
    return Message("system", template("writing/flaw.system.jinja2").render(flaw=flaw).strip())
