"""Searches what is about to leave this machine for what must not."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from synth.config.model import Teacher
from synth.errors import ConfigError
from synth.hub.files import Outgoing
from synth.run import tables

_SHORTEST = 7  # "EMPTY", as local endpoints have it, is no secret, and a word of many a row


def secrets(teacher: Teacher) -> dict[str, str]:
    """Values of the environment variables that the config names for its endpoint, by the variable."""
    return {name: os.environ[name] for name in teacher.variables if os.environ.get(name)}


def unset(teacher: Teacher) -> list[str]:
    """Variables that the config names and this environment has not: nobody can tell what their values were."""
    return [name for name in teacher.variables if not os.environ.get(name)]


def refuse_secrets(files: Iterable[Outgoing], secrets: Mapping[str, str]) -> None:
    """Raises ConfigError where a file holds one of the values, or a word of one: the token of `Bearer abc...`."""
    wanted = {word: name for name, value in secrets.items() for word in (value, *value.split())}
    wanted = {word: name for word, name in wanted.items() if len(word) >= _SHORTEST}
    wanted |= {json.dumps(word)[1:-1]: name for word, name in wanted.items()}
    for file in files:
        for text in _texts(file.source) if wanted else ():
            for word, name in wanted.items():
                if word in text:
                    raise ConfigError(
                        f"{file.path}: holds the value of {name}, so nothing was sent; take it out of the data (and "
                        "change the key, if others have seen the data)"
                    )


def _texts(path: Path) -> Iterator[str]:
    """Rows of a table, which are compressed in it, and lines of anything else."""
    if path.suffix == ".parquet":
        yield from (json.dumps(row, ensure_ascii=False) for row in tables.read(path))
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from lines
