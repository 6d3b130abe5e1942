"""From a config file to a `Config`, with errors that name the line and what is allowed."""

from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from synth.config import source
from synth.config.model import Config
from synth.config.source import Source, Values
from synth.errors import ConfigError, meant


def load(path: Source, overrides: dict[str, dict[str, Any]] | None = None, name: str | None = None) -> Config:
    """Read and check a config. `name` defaults to the file's stem.

    `overrides` (section -> key -> value) and `name` come from the command line and win over the config.
    Raises ConfigError for a file that is missing, is not YAML, or says what no config may say.
    """
    values = source.read(path)
    if values is None:
        raise ConfigError(f"{path}: the file is empty; it needs at least data.path and teacher.model")
    if not isinstance(values, dict):
        raise ConfigError(f"{path}:1: a config is a mapping of keys, found {_kind(values)}")
    if not isinstance(path, Values):
        values.setdefault("name", path.stem)
    if name:
        values["name"] = name
    for section, keys in (overrides or {}).items():
        if isinstance(values.setdefault(section, {}), dict):
            values[section].update(keys)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(path, error.errors())) from error


def _explain(path: Source, errors: list[ErrorDetails]) -> str:
    first = min(errors, key=lambda error: error["type"] != "extra_forbidden")  # a misspelt key also counts as missing
    more = len({_place(error) for error in errors}) - 1
    also = f" (and {more} more)" if more else ""
    return f"{source.place(path, first['loc'])}: {' '.join(_message(first).split())}{also}"


def _place(error: ErrorDetails) -> tuple[int | str, ...]:
    """pydantic reports a value that may be of two types once for each."""
    return error["loc"][:1] if error["loc"][:1] == ("filters",) else error["loc"]


def _message(error: ErrorDetails) -> str:
    location, found = error["loc"], error["input"]
    key = repr(".".join(str(part) for part in location))[1:-1]  # one line, whatever the key is
    match error["type"]:
        case _ if location[:1] == ("filters",):
            return (
                f"filters: found {_kind(found)} {_short(found)}; allowed is a preset's name, a list of filter names, "
                "or a mapping with `preset` and changes to it"
            )
        case "extra_forbidden":
            return f"unknown key '{key}'; {_nearest(str(location[-1]), _allowed(location[:-1]))}"
        case "missing":
            return f"'{key}' is missing; {_describe(location)}"
        case "value_error":
            return f"{key}: {error['ctx']['error']}" if key else str(error["ctx"]["error"])  # of the config as a whole
        case "model_type":
            return f"{key}: found {_kind(found)} {_short(found)}; allowed are the keys {', '.join(_allowed(location))}"
        case "enum" | "literal_error":
            return f"{key}: found {found!r}; one of {error['ctx']['expected']}"
        case _:
            return f"{key}: {error['msg'][0].lower()}{error['msg'][1:]}, found {_kind(found)} {_short(found)}"


def _model_at(location: tuple[int | str, ...]) -> type[BaseModel] | None:
    model: Any = Config
    for part in location:
        if isinstance(part, int):
            continue  # an item of a list, whose type is the model already
        field = model.model_fields.get(str(part)) if isinstance(model, type) and issubclass(model, BaseModel) else None
        model = field.annotation if field else None
        if get_origin(model):
            model = next((arg for arg in get_args(model) if isinstance(arg, type)), None)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _allowed(location: tuple[int | str, ...]) -> list[str]:
    model = _model_at(location)
    return list(model.model_fields) if model else []


def _describe(location: tuple[int | str, ...]) -> str:
    model = _model_at(location[:-1])
    field = model.model_fields.get(str(location[-1])) if model else None
    return (field.description if field else None) or f"add a section '{location[-1]}:'"


def _nearest(found: str, allowed: list[str]) -> str:
    return f"{meant(found, allowed)}allowed here: {', '.join(allowed)}"


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "true/false", type(None): "nothing"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else f"a {type(value).__name__}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
