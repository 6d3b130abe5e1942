"""The scenario that a teacher chose for a prompt, read from its reply. Total, and never guessing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from synth.domain import ParseFailure
from synth.parsing.json_reply import read_object
from synth.parsing.schema import Schema


@dataclass(frozen=True, slots=True)
class Choice:
    """The name of a scenario, and the teacher's reason for it."""

    scenario: str
    reason: str


def scenario_schema(names: Iterable[str]) -> Schema:
    """What the reply must be: a reason, and one of the names."""
    text = resources.files("synth.parsing").joinpath("schemas/scenario.schema.json").read_text(encoding="utf-8")
    made = Schema(json.loads(text))
    made["properties"]["scenario"]["enum"] = list(names)
    return made


def parse_scenario(reply: str, schema: Schema) -> Choice | ParseFailure:
    """A name that is not on offer is a failure, however near it comes."""
    found = read_object(reply, schema)
    if isinstance(found, ParseFailure):
        return found
    return Choice(found["scenario"], found["reason"])
