"""Which batches of a run are open at the provider: a file each, beside the journal, written before they are made.

    calls/batches/judgemill-<32 hex digits>.json    {"name": ..., "endpoint": ..., "mode": ..., "keys": [...], ...}

A batch is open while it holds keys of requests that have no answer as yet. As its name is on disk before the provider
is asked to make it, and stands in its metadata, a process that is killed between the two finds it again.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from synth.teacher.journal import Journal

if TYPE_CHECKING:  # the command line reads ledgers without openai
    from synth.teacher.client import ReplyMode


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch. `batch` is its id, empty while it is only intended; `since` the time of that in Unix seconds."""

    name: str
    endpoint: str
    mode: "ReplyMode"
    keys: tuple[str, ...]
    since: float
    batch: str = ""


class Ledger:
    """The batches of one journal's folder. One process at a time."""

    def __init__(self, calls: Path) -> None:
        self.folder = calls / "batches"
        self._entries: dict[str, Entry] = {}
        for path in sorted(self.folder.glob("*.json")):
            values = json.loads(path.read_text())
            # The file's own name: what stands in a file from elsewhere must not lead to another.
            self._entries[path.stem] = Entry(**values | {"name": path.stem, "keys": tuple(values["keys"])})

    def open(self) -> list[Entry]:
        return [entry for entry in self._entries.values() if entry.keys]

    def path(self, entry: Entry) -> Path:
        return self.folder / f"{entry.name}.json"

    def intend(self, endpoint: str, mode: "ReplyMode", keys: Iterable[str]) -> Entry:
        return self._write(Entry(f"judgemill-{uuid4().hex}", endpoint, mode, tuple(keys), time.time()))

    def made(self, entry: Entry, batch: str) -> Entry:
        return self._write(replace(entry, batch=batch))

    def left(self, entry: Entry, keys: Iterable[str]) -> Entry:
        """What is still wanted of a batch; nothing closes it."""
        return self._write(replace(entry, keys=tuple(keys)))

    def forget(self, entry: Entry) -> None:
        """It was never made."""
        self.path(entry).unlink(missing_ok=True)
        del self._entries[entry.name]

    def close_answered(self, journal: Journal) -> None:
        """Close what has all its answers in the journal, as after a kill between the last of them and the closing."""
        for entry in self.open():
            if all(journal.has(key) for key in entry.keys):
                self.left(entry, ())

    def _write(self, entry: Entry) -> Entry:
        """Whole or not at all, and on the disk itself: what follows costs money."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(entry)
        beside = path.with_suffix(".tmp")
        with beside.open("w") as file:
            json.dump(asdict(entry), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        _sync_folder(self.folder)
        self._entries[entry.name] = entry
        return entry


def pieces(lines: Iterable[tuple[str, bytes]], most_lines: int, most_bytes: int) -> Iterator[list[tuple[str, bytes]]]:
    """Lines in order, in pieces within both limits; a line that is larger than a piece stands alone."""
    piece: list[tuple[str, bytes]] = []
    size = 0
    for key, line in lines:
        if piece and (len(piece) == most_lines or size + len(line) > most_bytes):
            yield piece
            piece, size = [], 0
        piece.append((key, line))
        size += len(line)
    if piece:
        yield piece


def _sync_folder(folder: Path) -> None:
    """A file's name is in its folder."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
