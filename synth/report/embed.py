"""Examples as text inside a page: JSON, deflated and in base64, so that nothing in it can end a script element.

One small block has what the list shows, chunks of some hundred kilobytes the rest: a browser unpacks what it needs.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from synth.report.example import Example
from synth.report.facts import Fate

_CHUNK = 500_000  # characters of JSON
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Embedded:
    """`index` and `chunks` in base64; `rows` is how many examples they hold."""

    index: str
    chunks: list[str]
    rows: int


def embed(examples: Iterable[Example]) -> Embedded:
    """In the order they come. `index` has a list for each column; `starts` says with which row each chunk begins."""
    columns: dict[str, list[Any]] = {name: [] for name in ("id", "scenario", "verdict", "orders", "human", "text")}
    fates: dict[Fate, int] = {}
    fate_of: list[int] = []
    chunks, starts = [], []
    waiting: list[str] = []
    size = 0
    for example in examples:
        for name, values in columns.items():
            values.append(example.line[name])
        fate_of.append(fates.setdefault(example.fate, len(fates)))
        if not waiting:
            starts.append(len(fate_of) - 1)
        waiting.append(_json(example.detail))
        size += len(waiting[-1])
        if size >= _CHUNK:
            chunks.append(_packed(f"[{','.join(waiting)}]"))
            waiting, size = [], 0
    if waiting:
        chunks.append(_packed(f"[{','.join(waiting)}]"))
    fate_names = [[one.filter, one.reason] for one in fates]
    index = {**columns, "fate": fate_of, "fates": fate_names, "starts": starts}
    return Embedded(_packed(_json(index)), chunks, len(fate_of))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _packed(text: str) -> str:
    return b64encode(zlib.compress(text.encode(), _LEVEL)).decode("ascii")
