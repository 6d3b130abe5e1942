"""One scenario file, checked by the JSON Schema that ships with the definitions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError
from jsonschema.exceptions import best_match

from synth import yaml_file
from synth.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Definition:
    """A scenario as written: `values` obey scenario.schema.json, nothing is inherited yet."""

    path: Path
    values: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def group(self) -> str:
        return self.path.parent.name

    @property
    def basic(self) -> bool:
        return bool(self.values.get("basic", False))

    def at(self, *keys: str | int) -> str:
        """`file:line` of a key, for messages."""
        return f"{self.path}:{yaml_file.line_of(self.path, keys)}"


@cache
def validator() -> Draft202012Validator:
    text = resources.files("scenarios").joinpath("scenario.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def read(path: Path) -> Definition:
    """Read one file. Raises ConfigError with file, line, what was found and what is allowed."""
    values = yaml_file.read(path)
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: a scenario is a mapping of keys; `judgemill scenarios show others` prints one")
    definition = Definition(path, values)
    error = best_match(validator().iter_errors(values))
    if error is not None:
        keys = tuple(error.absolute_path) + _unknown_keys(error)[:1]
        raise ConfigError(f"{definition.at(*keys)}: {_message(error)}")
    if definition.name != path.stem:
        raise ConfigError(f"{definition.at('name')}: name '{definition.name}' differs from the file's name {path.name}")
    names = [criterion["name"] for criterion in values["criteria"]]
    for index, name in enumerate(names):
        if name in names[:index]:
            where = definition.at("criteria", index)
            raise ConfigError(f"{where}: criterion '{name}' stands twice; rename or drop one")
    return definition


def _unknown_keys(error: SchemaError) -> tuple[str, ...]:
    if error.validator != "additionalProperties":
        return ()
    instance: Any = error.instance
    allowed = _allowed_keys(error)
    return tuple(key for key in instance if key not in allowed)


def _allowed_keys(error: SchemaError) -> list[str]:
    schema: Any = error.schema
    return list(schema.get("properties", {}))


def _message(error: SchemaError) -> str:
    instance: Any = error.instance
    value: Any = error.validator_value
    key = error.json_path.removeprefix("$").lstrip(".")
    match error.validator:
        case "additionalProperties" if _allowed_keys(error):
            found, allowed = _unknown_keys(error)[0], _allowed_keys(error)
            close = get_close_matches(found, allowed, n=1)
            meant = f"did you mean '{close[0]}'? " if close else ""
            return f"unknown key '{found}'; {meant}allowed here: {', '.join(allowed)}"
        case "enum":
            return f"unknown {key} {instance!r}; one of {_listed(value)}"
        case "required":
            missing = [name for name in value if name not in instance]
            where = f" of {key}" if key else ""
            return f"'{missing[0]}'{where} is missing; required are {_listed(value)}"
        case "type":
            return f"{key or 'the file'} must be of type {value}, found {instance!r}"
        case _:
            return f"{key}: {error.message}"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
