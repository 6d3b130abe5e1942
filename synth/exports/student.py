"""What a student judge is shown beside the pair itself, and how that is written."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from synth.domain import Pair, Prompt, Scale, scale_named
from synth.scenario import Catalogue, Criterion, Scenario

_TEMPLATES = Path(__file__).parent / "templates"
WORDINGS = 3  # templates of each protocol


@dataclass(frozen=True, slots=True)
class Student:
    """What the config says of the student.

    `criteria`: whether the scenario's are in its prompt; `auto` as the format's own system has it (Auto-J out,
    Prometheus and Flow-Judge in). `reference`: whether the pair's own is, where it has one and the format a
    place for it. `wordings`: how many wordings of the instruction are used, in turn by the pair's id. `scale`: the one
    it scores on where the format leaves that open, `auto` for the teacher's.
    """

    criteria: Literal["auto", "in", "out"] = "auto"
    reference: Literal["in", "out"] = "in"
    wordings: int = 1
    scale: str = "auto"


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows are made with, beside the pair: the scenarios of the run, its scale, the student, the seed.

    `scale` is the run's own, which counts where a scenario has none. `teacher` is the model's name. `own_criteria`
    where the teacher was shown a scenario's own criteria and not the inherited ones.
    """

    catalogue: Catalogue
    scale: str = "1-10"
    teacher: str = ""
    own_criteria: bool = False
    student: Student = Student()
    seed: int = 0

    def scale_of(self, pair: Pair) -> Scale:
        """The one the teacher scored this pair on."""
        return scale_named(self.catalogue.get(pair.scenario).scale or self.scale)

    def asked_scale(self, pair: Pair) -> Scale:
        """The one the student is to score on, where the format has none of its own."""
        return self.scale_of(pair) if self.student.scale == "auto" else scale_named(self.student.scale)

    def reference(self, pair: Pair) -> str:
        """The reference in the student's prompt: the pair's own, never what the teacher wrote for itself."""
        return pair.reference if self.student.reference == "in" else ""

    def criteria(self, pair: Pair, *, by_default: bool) -> tuple[Criterion, ...]:
        """Those in the student's prompt; none where they are not in it. `by_default` is the format's own way."""
        shown = by_default if self.student.criteria == "auto" else self.student.criteria == "in"
        return shown_criteria(self.catalogue.get(pair.scenario), self.own_criteria) if shown else ()

    def instruction(self, protocol: str, pair: Pair, values: Mapping[str, object]) -> str:
        """The prompt of a student, in the wording that is this pair's turn. `values` are those of the template."""
        digest = hashlib.sha256(f"{self.seed}:{pair.id}".encode()).digest()
        number = 1 + int.from_bytes(digest[:8]) % self.student.wordings
        rendered = _template(f"{protocol}.{number}.jinja2").render(values, prompt=prompt_text(pair.prompt))
        return rendered.strip()


def shown_criteria(scenario: Scenario, own: bool) -> tuple[Criterion, ...]:
    """As the teacher was shown them."""
    written = tuple(one for one in scenario.criteria if one.origin == scenario.name)
    return written if own and written else scenario.criteria


def prompt_text(prompt: Prompt) -> str:
    """A prompt as text: its words where it is one turn of the user, else each turn under its role."""
    if len(prompt) == 1 and prompt[0].role == "user":
        return prompt[0].content
    return "\n".join(f"[{turn.role}]\n{turn.content}" for turn in prompt)


@cache
def _template(name: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # plain text for a model, not HTML
    )
    return environment.get_template(name)
