"""What a rule looks at and what it says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from synth.scenario.definition import Definition
from synth.scenario.model import Criterion, Scenario


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at the place that `keys` lead to, and what to do. `rule` is the name of the rule that says so."""

    keys: tuple[str | int, ...]
    message: str
    rule: str = ""


Find = Callable[[Definition, Scenario], Iterator[Finding]]
"""A rule: the file as written, and the same with everything inherited in place."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`about` tells a writer what to do, in a sentence; the function's docstring tells what it catches and what not."""

    name: str
    about: str
    find: Find


@dataclass(frozen=True, slots=True)
class Written:
    """A criterion as far as one file wrote it, with the values it has in effect."""

    criterion: Criterion
    keys: tuple[str | int, ...]
    fields: frozenset[str]

    def says(self, field: str, message: str) -> Finding:
        """A finding at one of the criterion's fields."""
        return Finding((*self.keys, field), f"criterion '{self.criterion.name}' {message}")


def written(definition: Definition, scenario: Scenario) -> Iterator[Written]:
    """The criteria that this file writes or changes; what is merely inherited is another file's business."""
    in_effect = {criterion.name: criterion for criterion in scenario.criteria}
    for name, changes in definition.values.get("overrides", {}).items():
        if name in in_effect:
            yield Written(in_effect[name], ("overrides", name), frozenset(changes))
    for index, values in enumerate(definition.values["criteria"]):
        yield Written(in_effect[values["name"]], ("criteria", index), frozenset(values))
