"""Examples as text inside a page: JSON, deflated and in base64, so that nothing in it can end a script element.

One small block has what the list shows, chunks of some hundred kilobytes the rest: a browser unpacks what it needs.
"""

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from synth.report.example import Example, as_json
from synth.report.facts import Fate

_CHUNK = 500_000  # characters of JSON
_LEVEL = 4  # twice as fast as 6, for a page that is a fifteenth larger


@dataclass(frozen=True, slots=True)
class Embedded:
    """`index` and `chunks` in base64; `rows` is how many examples they hold."""

    index: str
    chunks: list[str]
    rows: int


def embed(examples: Iterable[Example]) -> Embedded:
    """In the order they come. `index` has a list for each column; `starts` says with which row each chunk begins."""
    index = _Index()
    chunks = [_packed(chunk) for chunk in index.chunked(examples)]
    return Embedded(_packed(as_json(index.columns | {"fates": index.fates()})), chunks, len(index.columns["id"]))


class _Index:
    """Notes of each example what the list shows, as they pass."""

    def __init__(self) -> None:
        names = ("id", "scenario", "verdict", "orders", "human", "text", "fate", "starts")
        self.columns: dict[str, list[Any]] = {name: [] for name in names}
        self._fates: dict[Fate, int] = {}

    def fates(self) -> list[list[str]]:
        return [[one.filter, one.reason] for one in self._fates]

    def chunked(self, examples: Iterable[Example]) -> Iterator[str]:
        waiting: list[str] = []
        size = 0
        for example in examples:
            if not waiting:
                self.columns["starts"].append(len(self.columns["id"]))
            for name, value in example.line.items():
                self.columns[name].append(value)
            self.columns["fate"].append(self._fates.setdefault(example.fate, len(self._fates)))
            waiting.append(example.detail)
            size += len(example.detail)
            if size >= _CHUNK:
                yield f"[{','.join(waiting)}]"
                waiting, size = [], 0
        if waiting:
            yield f"[{','.join(waiting)}]"


def _packed(text: str) -> str:
    return b64encode(zlib.compress(text.encode(), _LEVEL)).decode("ascii")
