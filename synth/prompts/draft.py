"""What a teacher is asked that drafts a scenario, and asked again to criticise and improve its draft."""

import json
from collections.abc import Iterable, Sequence

from synth.domain import Message, Pair
from synth.parsing.schema import Schema
from synth.prompts.render import TEMPLATES, _template
from synth.scenario import Criterion
from synth.scenario.lint import RULES


def draft_messages(
    name: str, about: str, inherited: Sequence[Criterion], neighbours: Iterable[str], pairs: Sequence[Pair]
) -> tuple[Message, ...]:
    """`inherited` are the criteria that the scenario has already, `pairs` examples of its prompts and responses."""
    user = {"name": name, "about": about, "inherited": inherited, "neighbours": list(neighbours), "pairs": pairs}
    return (Message("system", _render("system", rules=RULES)), Message("user", _render("user", **user)))


def revision_message(findings: Sequence[str]) -> Message:
    """`findings` are what our own rules say of the draft."""
    return Message("user", _render("revise", findings=findings))


def reply_schema(*, with_critique: bool) -> Schema:
    made: Schema = json.loads((TEMPLATES / "draft" / "reply.schema.json").read_text(encoding="utf-8"))
    if not with_critique:
        made["required"].remove("critique")
        del made["properties"]["critique"]
    return made


def _render(part: str, **values: object) -> str:
    return _template(f"draft/{part}.jinja2").render(values).strip()
