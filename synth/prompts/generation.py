"""What a model is asked that writes a prompt."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from synth.domain import Message
from synth.parsing.schema import Schema
from synth.prompts.render import TEMPLATES, template
from synth.prompts.tags import mark
from synth.scenario import Scenario

_FOLDER = TEMPLATES / "generate"


@dataclass(frozen=True, slots=True)
class Brief:
    """What all prompts of a scenario have in common; `least` and `most` are characters."""

    scenario: Scenario
    domain: str = ""
    least: int | None = None
    most: int | None = None


def generation_messages(
    brief: Brief,
    attributes: Sequence[tuple[str, str]],
    *,
    document: str = "",
    examples: Sequence[str] = (),
    unlike: str = "",
) -> tuple[Message, ...]:
    """`unlike` is a prompt that was taken, and that an earlier try was too much like."""
    values = {"document": document, "examples": examples, "unlike": unlike, "attributes": attributes}
    values["mark"] = mark([document, *examples, unlike])
    return _system(brief), Message("user", template("generate/user.jinja2").render(values).strip())


@lru_cache(maxsize=128)
def _system(brief: Brief) -> Message:
    """The same for all prompts of a scenario, so that endpoints that keep the beginning of a request find it again."""
    values = {name: getattr(brief, name) for name in Brief.__slots__}
    return Message("system", template("generate/system.jinja2").render(values).strip())


@cache
def reply_schema() -> Schema:
    return Schema(json.loads((_FOLDER / "reply.schema.json").read_text(encoding="utf-8")))


def templates_hash() -> str:
    """Of everything in the folder of templates, as the manifest has those of judging."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.iterdir())}
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
