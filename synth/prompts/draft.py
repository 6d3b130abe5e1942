"""What a teacher is asked that drafts a scenario, and asked again to criticise and improve its draft."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from synth.domain import Message, Pair, Prompt
from synth.parsing.schema import Schema
from synth.prompts.render import TEMPLATES, template
from synth.prompts.tags import mark, turns
from synth.scenario import Criterion
from synth.scenario.lint import RULES

_MOST_CHARS = 1200


def draft_messages(
    name: str, about: str, inherited: Sequence[Criterion], neighbours: Iterable[str], pairs: Sequence[Pair]
) -> tuple[Message, ...]:
    """`inherited` are the criteria that the scenario has already, `pairs` examples of its prompts and responses."""
    shown = [_cut(pair) for pair in pairs]
    user = {
        "name": name,
        "about": about,
        "inherited": inherited,
        "neighbours": list(neighbours),
        "pairs": shown,
        "mark": mark(text for one in shown for text in (*turns(one.prompt), one.response_a, one.response_b)),
    }
    return (Message("system", _render("system", rules=RULES)), Message("user", _render("user", **user)))


def _cut(pair: Pair) -> Pair:
    """As much of a pair as it takes to see what its kind is like."""
    prompt: Prompt = tuple(Message(turn.role, _start(turn.content)) for turn in pair.prompt)
    return replace(pair, prompt=prompt, response_a=_start(pair.response_a), response_b=_start(pair.response_b))


def _start(text: str) -> str:
    return text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS].rstrip()} [...]"


def revision_message(findings: Sequence[str]) -> Message:
    """`findings` are what our own rules say of the draft."""
    return Message("user", _render("revise", findings=findings))


def reply_schema(*, with_critique: bool) -> Schema:
    made = Schema(json.loads((TEMPLATES / "draft" / "reply.schema.json").read_text(encoding="utf-8")))
    if not with_critique:
        made["required"].remove("critique")
        del made["properties"]["critique"]
    return made


def _render(part: str, **values: object) -> str:
    return template(f"draft/{part}.jinja2").render(values).strip()
