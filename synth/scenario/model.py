"""A scenario as the rest of the project sees it: everything inherited is already in place."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Criterion:
    """One demand on a response.

    `objective` ones are met or not and judged best on one response alone; the others are a matter of degree.
    `rubric` pairs a score with its meaning, ascending. `origin` names the definition the criterion was written in.
    """

    name: str
    description: str
    type: str
    objective: bool
    origin: str
    applies_when: str = ""
    rubric: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a good response to one kind of prompt is. `scale` is None where the run's own counts."""

    name: str
    group: str
    definition: str
    criteria: tuple[Criterion, ...]
    choose_when: str = ""
    solve_first: bool = False
    scale: str | None = None
    examples: tuple[str, ...] = ()
    draft: bool = False

    def values(self) -> dict[str, Any]:
        """For JSON, and back by `of`."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Scenario":
        criteria = tuple(
            Criterion(**{**one, "rubric": tuple((score, meaning) for score, meaning in one["rubric"])})
            for one in values["criteria"]
        )
        return cls(**{**values, "criteria": criteria, "examples": tuple(values["examples"])})
