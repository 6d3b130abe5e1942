"""What a model is asked that plants a flaw in a copy of a response."""

from functools import cache

from synth.domain import Message, Pair, Side
from synth.prompts.render import template


def flaw_messages(pair: Pair, side: Side, flaw: str) -> tuple[Message, Message]:
    """`flaw` is the name of a file in `templates/writing/flaws/`. Of the pair only one response is shown."""
    user = template("writing/flaw.user.jinja2").render(pair=pair, response=pair.response(side)).strip()
    return _system(flaw), Message("user", user)


@cache
def _system(flaw: str) -> Message:
    return Message("system", template("writing/flaw.system.jinja2").render(flaw=flaw).strip())
