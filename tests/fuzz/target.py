"""What a fuzz target is, and the laws that several of them share."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from synth.errors import JudgemillError


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of outside text. `check` gives it any bytes, and raises where it breaks its `law`.

    `seeds` are what such texts are like, for the fuzzer to begin with. `finds` are inputs that once broke the law; the
    tests go through both.
    """

    name: str
    law: str
    check: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    finds: tuple[bytes, ...] = ()


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory()


def scratch() -> Path:
    """A folder of this process."""
    return Path(_folder().name)


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def storable(value: Any) -> None:
    """No half of a surrogate pair and no number without end: what tables and JSON files take."""
    json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    assert is_dataclass(value), f"{value!r} is no value of ours"
    return asdict(value)  # type: ignore[arg-type]


@contextmanager
def refusal_in_one_line() -> Iterator[None]:
    """Lets the project's own errors pass, where they are one line."""
    try:
        yield
    except JudgemillError as error:
        if len(str(error).splitlines()) != 1:
            raise AssertionError(f"not one line: {str(error)!r}") from error
