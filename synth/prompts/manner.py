"""How a teacher is asked: what a config's `judging` section says, beside the protocols."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Manner:
    """The same for every ask of a run.

    `scale` is replaced by the scenario's own. `language` is a language's name, or `auto` for that of the prompt.
    `criteria` are all of the scenario's, or only its own without the inherited ones, which shortens prompts for small
    teachers. `grade_criteria` has the pointwise protocol grade every criterion before the whole. `max_chars` is the
    longest text of a reply.
    """

    scale: str = "1-10"
    language: str = "auto"
    criteria: Literal["all", "own"] = "all"
    grade_criteria: bool = True
    max_chars: int | None = None
