"""What a flaw is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """One way to spoil a response. What the writer is asked is `synth/prompts/templates/writing/flaws/<name>.jinja2`.

    `applies` gets the text of the prompt's last turn and a response. `objection` gets the response and its copy, and
    says why the copy has not the flaw and nothing else, as far as that can be told without reading; None where it may.
    """

    name: str
    applies: Callable[[str, str], bool]
    objection: Callable[[str, str], str | None]
