"""A teacher's draft of a scenario, read from its reply."""

from typing import Any

from synth.domain import ParseFailure
from synth.parsing.json_reply import read_object
from synth.parsing.schema import Schema

_ALWAYS = ("", "always", "none", "n/a")


def parse_draft(reply: str, schema: Schema) -> dict[str, Any] | ParseFailure:
    """What a scenario file would say: choose_when, criteria, examples. The critique stays in the journal."""
    found = read_object(reply, schema)
    if isinstance(found, ParseFailure):
        return found
    return {
        "choose_when": found["choose_when"],
        "criteria": [_criterion(criterion) for criterion in found["criteria"]],
        "examples": found["examples"],
    }


def _criterion(values: dict[str, Any]) -> dict[str, Any]:
    unconditional = values["applies_when"].strip().rstrip(".").lower() in _ALWAYS
    return {key: value for key, value in values.items() if not (key == "applies_when" and unconditional)}
