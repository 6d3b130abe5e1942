"""The JSON Schema of a reply, made from the files in `schemas/` for one scale and one list of criteria."""

import json
from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Any

from synth.domain import Protocol, Scale


class Schema(dict[str, Any]):
    """A JSON Schema, made once for many replies and not changed afterwards."""

    @cached_property
    def text(self) -> str:
        """The same for equal schemas; the order of their properties counts, as a reply keeps to it."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))


@cache
def _file(protocol: Protocol) -> str:
    return resources.files("synth.parsing").joinpath(f"schemas/{protocol}.schema.json").read_text(encoding="utf-8")


def schema(
    protocol: Protocol, scale: Scale, criteria: Mapping[str, bool] | None = None, *, with_reference: bool
) -> Schema:
    """What a reply must be.

    `criteria` are the names to grade, and whether each is conditional: a grade may then be null. Only the pointwise
    protocol has them; without any, it asks for the overall score alone.
    """
    made = Schema(json.loads(_file(protocol)))
    if not with_reference:
        made["required"].remove("reference")
        del made["properties"]["reference"]
    if protocol is Protocol.POINTWISE:
        grade = made.pop("$defs")["grade"]
        _set_scale(grade, scale)
        if criteria:
            made["properties"]["criteria"]["required"] = list(criteria)
            made["properties"]["criteria"]["properties"] = {
                name: {"anyOf": [grade, {"type": "null"}]} if conditional else grade
                for name, conditional in criteria.items()
            }
        else:
            made["required"].remove("criteria")
            del made["properties"]["criteria"]
    _set_scale(made, scale)
    return made


def _set_scale(part: dict[str, Any], scale: Scale) -> None:
    for name, value in part["properties"].items():
        if name.startswith("score"):
            value.update(minimum=scale.low, maximum=scale.high)


def on_the_wire(full: Schema, max_chars: int | None = None) -> Schema:
    """The schema as sent to an endpoint: without the keywords that strict modes refuse or that only people read.

    `max_chars` limits every text; a reply that is longer all the same is still valid.
    """
    return _sent_once(full.text, max_chars)


@lru_cache(maxsize=1024)
def _sent_once(full: str, max_chars: int | None) -> Schema:
    return _sent(json.loads(full), max_chars)


def _sent(full: dict[str, Any], max_chars: int | None) -> Schema:
    left_out = ("minLength", "$schema", "title", "description")
    made = Schema({key: value for key, value in full.items() if key not in left_out})
    if "properties" in made:
        made["properties"] = {name: _sent(part, max_chars) for name, part in made["properties"].items()}
    if "anyOf" in made:
        made["anyOf"] = [_sent(part, max_chars) for part in made["anyOf"]]
    if max_chars and made.get("type") == "string" and "enum" not in made:
        made["maxLength"] = max_chars
    return made
