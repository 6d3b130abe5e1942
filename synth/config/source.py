"""Where a config is from: a file, or values that a program has made."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth import yaml_file


@dataclass(frozen=True, slots=True)
class Values:
    """A config as a mapping, with the keys that a file has. Errors call it `config`, as it has no lines."""

    given: Mapping[str, Any]

    def __str__(self) -> str:
        return "config"


Source = Path | Values


def read(source: Source) -> Any:
    """What stands there, free to be changed. Raises ConfigError where a file cannot be read."""
    return deepcopy(dict(source.given)) if isinstance(source, Values) else yaml_file.read(source)


def base(source: Source) -> Path:
    """What paths in it are relative to: the file's folder, or the current one."""
    return Path() if isinstance(source, Values) else source.parent


def place(source: Source, keys: tuple[str | int, ...]) -> str:
    """Where a key stands, for errors."""
    return str(source) if isinstance(source, Values) else f"{source}:{yaml_file.line_of(source, keys)}"
