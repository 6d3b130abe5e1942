"""One scenario file, checked by the JSON Schema that ships with the definitions."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError
from jsonschema.exceptions import best_match

from synth import yaml_file
from synth.errors import ConfigError, meant

BUILT_IN = Path(str(resources.files("scenarios")))
Problem = tuple[tuple[str | int, ...], str]
"""The keys that lead to a place of the file, and what is wrong there."""


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
    definition = written(path)
    error = best_match(validator().iter_errors(definition.values))
    wrong = list(_explained(error) if error is not None else _clashes(definition))
    if wrong:
        keys, message = wrong[0]
        raise ConfigError(f"{definition.at(*keys)}: {message}")
    return definition


def written(path: Path) -> Definition:
    """What a file says, its values unchecked. Raises ConfigError where it cannot be read or is no mapping."""
    values = _with_text_keys(yaml_file.read(path, ours=path.is_relative_to(BUILT_IN)))
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: a scenario is a mapping of keys; `judgemill scenarios show others` prints one")
    return Definition(path, values)


def problems(definition: Definition) -> list[Problem]:
    """Everything for which `read` would refuse the file, each with the keys of its place. Reads no file."""
    found = [problem for error in validator().iter_errors(definition.values) for problem in _explained(error)]
    return list(dict.fromkeys(found or _clashes(definition)))


PLACEHOLDER = "Replace this"  # what a new file says wherever a person is to write


def _clashes(definition: Definition) -> Iterator[Problem]:
    if not definition.values.get("draft"):
        for keys, text in _texts(definition.values, ()):
            if text.startswith(PLACEHOLDER):
                yield keys, f"still says {text[:40]!r}...; write what is meant, or leave it out"
    if definition.name != definition.path.stem:
        yield ("name",), f"name '{definition.name}' differs from the file's name {definition.path.name}"
    names = [criterion["name"] for criterion in definition.values["criteria"]]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield ("criteria", index), f"criterion '{name}' stands twice; rename or drop one"


def _texts(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*keys, key))


def _explained(error: SchemaError) -> Iterator[Problem]:
    place = tuple(error.absolute_path)
    unknown = _unknown_keys(error) if _allowed_keys(error) else ()
    for key in unknown:
        yield (*place, key), _on_one_line(_unknown(key, _allowed_keys(error)))
    if not unknown:
        yield place, _on_one_line(_message(error))


def _on_one_line(message: str) -> str:
    """Whatever keys it names."""
    return " ".join(message.split())


def _with_text_keys(value: Any) -> Any:
    """A schema knows no other keys, and a rubric's scores need no quotes in YAML."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(inner) for key, inner in value.items()}
    return [_with_text_keys(inner) for inner in value] if isinstance(value, list) else value


def _unknown_keys(error: SchemaError) -> tuple[str, ...]:
    if error.validator != "additionalProperties":
        return ()
    instance: Any = error.instance
    allowed = _allowed_keys(error)
    return tuple(key for key in instance if key not in allowed)


def _allowed_keys(error: SchemaError) -> list[str]:
    schema: Any = error.schema
    return list(schema.get("properties", {}))


def _unknown(found: str, allowed: list[str]) -> str:
    return f"unknown key '{found}'; {meant(found, allowed)}allowed here: {_listed(allowed)}"


def _message(error: SchemaError) -> str:
    instance: Any = error.instance
    value: Any = error.validator_value
    key = error.json_path.removeprefix("$").lstrip(".")
    match error.validator:
        case "enum":
            return f"unknown {key} {instance!r}; one of {_listed(value)}"
        case "required":
            missing = [f"'{name}'" for name in value if name not in instance]
            where = f" of {key}" if key else ""
            are = "is" if len(missing) == 1 else "are"
            return f"{_listed(missing)}{where} {are} missing; required are {_listed(value)}"
        case "type":
            return f"{key or 'the file'} must be of type {value}, found {instance!r}"
        case _:
            return f"{key}: {error.message}"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)
