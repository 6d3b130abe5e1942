"""From an ask to the exact messages, and the schema of the reply."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from synth.domain import Ask, Message, Pair, Scale, Side, scale_named
from synth.parsing.schema import Schema, schema
from synth.scenario import Scenario

TEMPLATES = Path(str(resources.files("synth.prompts").joinpath("templates")))


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to the teacher for one ask, and what the reply must be (a JSON Schema)."""

    messages: tuple[Message, ...]
    schema: Schema


def question(
    pair: Pair,
    ask: Ask,
    scenario: Scenario,
    *,
    scale: str,
    language: str,
    grade_criteria: bool = True,
    max_chars: int | None = None,
) -> Question:
    """Render one ask.

    `scale` is the run's, which the scenario's own replaces. `language` is a language's name, or `auto` for that of the
    prompt. `grade_criteria` has the pointwise protocol grade every criterion before the whole. A teacher writes its
    own reference where the scenario is marked `solve_first` and the pair brings none.
    """
    on = scale_named(scenario.scale or scale)
    writes_reference = scenario.solve_first and not pair.reference
    values = {
        "scenario": scenario,
        "pair": pair,
        "scale": on,
        "language": _language(language),
        "writes_reference": writes_reference,
        "has_reference": bool(pair.reference),
        "grade_criteria": grade_criteria,
        "max_chars": max_chars,
        **_shown(pair, ask),
    }
    messages = tuple(
        Message(role, _template(f"{ask.protocol}.{role}.jinja2").render(values).strip()) for role in ("system", "user")
    )
    return Question(messages, reply_schema(ask, scenario, on, writes_reference, grade_criteria))


def reply_schema(
    ask: Ask, scenario: Scenario, scale: Scale, writes_reference: bool, grade_criteria: bool = True
) -> Schema:
    graded = scenario.criteria if grade_criteria else ()
    conditional = {criterion.name: bool(criterion.applies_when) for criterion in graded}
    return schema(ask.protocol, scale, conditional, with_reference=writes_reference)


def _shown(pair: Pair, ask: Ask) -> dict[str, str]:
    if ask.order is not None:
        return {"first": pair.response(ask.order.first), "second": pair.response(ask.order.second)}
    return {"response": pair.response(ask.response or Side.A)}


def _language(language: str) -> str:
    return "Write in the language of the prompt." if language == "auto" else f"Write in {language}."


@cache
def _template(name: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # plain text for a model, not HTML
    )
    return environment.get_template(name)
