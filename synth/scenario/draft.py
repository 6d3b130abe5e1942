"""A scenario that is about to be written: its name and place, what is drafted of it, and what is wrong with that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.errors import ConfigError, meant
from synth.paths import expanded, portable
from synth.scenario.catalogue import resolve
from synth.scenario.definition import Definition, problems
from synth.scenario.draft_file import one_line
from synth.scenario.lint import findings
from synth.scenario.model import Criterion

Drafted = Mapping[str, Any]
"""choose_when, criteria and examples, as a file has them."""


def new_file(name: str, folder: Path, extends: Sequence[str], known: Mapping[str, Definition]) -> Path:
    """Where the scenario goes. `known` are all definitions there are, by name.

    Raises ConfigError for a name that cannot be one, is taken or is in use, and for an unknown name in `extends`.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        like = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789") or "refund_request"
        raise ConfigError(f"'{name}' is no name for a scenario: lower case letters, digits and '_', as in '{like}'")
    try:
        path = expanded(f"{portable(name)}.yaml", folder)
    except ValueError as error:
        raise ConfigError(f"{name[:60]!r} is no name for a scenario: {error}") from error
    if path.exists():
        raise ConfigError(f"{path} exists already; edit it, or choose another name")
    if name in known:
        raise ConfigError(f"'{name}' is defined already; choose another name, and `--extends {name}` for its criteria")
    for parent in extends:
        if parent not in known:
            basic = ", ".join(name for name, one in known.items() if one.basic)
            raise ConfigError(
                f"--extends {parent}: no definition has this name; {meant(parent, known)}basic sets are {basic}"
            )
    return path


@dataclass(frozen=True, slots=True)
class Draft:
    """The scenario that is to be written to `path`. `others` are all definitions there are, by name."""

    path: Path
    about: str
    extends: tuple[str, ...]
    others: Mapping[str, Definition]

    def __post_init__(self) -> None:
        """Raises ConfigError where `about` cannot be a definition."""
        for keys, message in problems(self.definition(EXAMPLE)):
            if keys == ("definition",):
                raise ConfigError(f"--about: say in a sentence what the user of such a prompt wants; {message}")

    def definition(self, drafted: Drafted) -> Definition:
        """Not on disk yet."""
        extends = {"extends": list(self.extends)} if self.extends else {}
        values = {"name": self.path.stem, "draft": True, "definition": one_line(self.about), **extends, **drafted}
        return Definition(self.path, values)

    def inherited(self) -> tuple[Criterion, ...]:
        return resolve(self.definition({"criteria": []}), self.others).criteria

    def faults(self, drafted: Drafted) -> list[str]:
        """For what a file with this in it would be refused."""
        origin = {criterion.name: criterion.origin for criterion in self.inherited()}
        clashes = [name for name in (criterion["name"] for criterion in drafted["criteria"]) if name in origin]
        refused = [message for _, message in problems(self.definition(drafted))]
        return refused + [f"criterion '{name}' is inherited from '{origin[name]}' already" for name in clashes]

    def remarks(self, drafted: Drafted) -> list[str]:
        """The faults or, where there are none, what the lint rules find."""
        faults = self.faults(drafted)
        if faults:
            return faults
        definition = self.definition(drafted)
        scenario = resolve(definition, {**self.others, definition.name: definition})
        return [finding.message for finding in findings(definition, scenario)]


EXAMPLE: Drafted = {
    "choose_when": "Replace this by what tells such prompts from those of the scenario that comes nearest; name it.",
    "criteria": [
        {
            "name": "example_met_or_not",
            "type": "content",
            "objective": True,
            "description": "Replace this by one thing that a response of this kind has to hold, such as the date on "
            "which the order arrives. Fails if the thing is missing, or is another one than the prompt bears out.",
        },
        {
            "name": "example_of_degree",
            "type": "style",
            "objective": False,
            "applies_when": "The prompt says who is going to read the response.",
            "description": "Replace this by a matter of more or less, such as speaking the language of those readers. "
            "Fails if a word is left unexplained that they would have to look up.",
        },
    ],
    "examples": ["Replace this by a short prompt of this kind.", "Replace this by another one."],
}
