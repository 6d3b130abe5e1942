"""From an ask to the exact messages, and the schema of the reply."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from synth.domain import Ask, Message, Pair, Protocol, Scale, Side, scale_named
from synth.parsing.schema import Schema, schema
from synth.prompts.manner import Manner
from synth.prompts.tags import mark, turns
from synth.scenario import Criterion, Scenario

TEMPLATES = Path(str(resources.files("synth.prompts").joinpath("templates")))


@dataclass(frozen=True, slots=True)
class Question:
    """What goes to the teacher for one ask, and what the reply must be (a JSON Schema)."""

    messages: tuple[Message, ...]
    schema: Schema


def question(pair: Pair, ask: Ask, scenario: Scenario, manner: Manner) -> Question:
    """Render one ask.

    A teacher writes its own reference where the scenario is marked `solve_first` and the pair brings none.
    """
    responses = _shown(pair, ask)
    marked = mark([*turns(pair.prompt), pair.reference, *responses.values()])
    values = {"pair": pair, "has_reference": bool(pair.reference), "mark": marked, **responses}
    user = Message("user", template(f"{ask.protocol}.user.jinja2").render(values).strip())
    system = _system(ask.protocol, scenario, manner, bool(pair.reference))
    return Question((system, user), reply_schema(ask, scenario, manner, reference=pair.reference))


@lru_cache(maxsize=1024)
def _system(protocol: Protocol, scenario: Scenario, manner: Manner, has_reference: bool) -> Message:
    """The same for every pair of a scenario, so that endpoints that keep the beginning of a prompt find it again."""
    values = {
        "scenario": with_criteria(scenario, manner),
        "manner": manner,
        "scale": scale_of(scenario, manner),
        "language": _language(manner.language),
        "writes_reference": scenario.solve_first and not has_reference,
        "has_reference": has_reference,
    }
    return Message("system", template(f"{protocol}.system.jinja2").render(values).strip())


def reply_schema(ask: Ask, scenario: Scenario, manner: Manner, *, reference: str) -> Schema:
    """What the reply to an ask must be. `reference` is the pair's own, or empty."""
    return _reply_schema(ask.protocol, scenario, manner, bool(reference))


@lru_cache(maxsize=1024)
def _reply_schema(protocol: Protocol, scenario: Scenario, manner: Manner, has_reference: bool) -> Schema:
    graded = with_criteria(scenario, manner).criteria if manner.grade_criteria else ()
    return schema(
        protocol,
        scale_of(scenario, manner),
        {criterion.name: bool(criterion.applies_when) for criterion in graded},
        with_reference=scenario.solve_first and not has_reference,
    )


def with_criteria(scenario: Scenario, manner: Manner) -> Scenario:
    """As it is shown: the criteria that are wanted, with those rubrics that are for the scale."""
    own = tuple(criterion for criterion in scenario.criteria if criterion.origin == scenario.name)
    shown = own if manner.criteria == "own" and own else scenario.criteria
    scale = scale_of(scenario, manner)
    return replace(scenario, criteria=tuple(_on_scale(criterion, scale) for criterion in shown))


def _on_scale(criterion: Criterion, scale: Scale) -> Criterion:
    """A rubric written for another scale would mislead; it is left out."""
    scores = {score for score, _ in criterion.rubric}
    fits = {scale.low, scale.high} <= scores <= set(range(scale.low, scale.high + 1))
    return criterion if fits else replace(criterion, rubric=())


def scale_of(scenario: Scenario, manner: Manner) -> Scale:
    """The scenario's own, or the run's."""
    return scale_named(scenario.scale or manner.scale)


def _shown(pair: Pair, ask: Ask) -> dict[str, str]:
    if ask.order is not None:
        return {"first": pair.response(ask.order.first), "second": pair.response(ask.order.second)}
    return {"response": pair.response(ask.response or Side.A)}


def _language(language: str) -> str:
    return "Write in the language of the prompt." if language == "auto" else f"Write in {language}."


@cache
def template(name: str) -> jinja2.Template:
    """A file of `templates/`. What it is given stays text: nothing in a prompt or response is run as a template."""
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # plain text for a model, not HTML
    )
    return environment.get_template(name)
