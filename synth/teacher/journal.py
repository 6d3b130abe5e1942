"""Every request and reply of a run, on disk before anything else happens to it.

A folder of files, one writer each, one JSON object a line:

    {"crc32":"1c291ca3","call":{"key":"<64 hex digits>","request":{...},"reply":{...}}}

The checksum is over the bytes of `call`. A line that does not add up (torn by a kill, cut by a full disk) counts as
never written. A line is in the kernel's hands when `write` returns, so that no kill of ours loses it; the disk itself
is asked to follow once a second and at the end.
"""

import json
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from synth.teacher.call import Reply, Request

_HEAD = len(b'{"crc32":"')
_CALL = len(b'{"crc32":"00000000","call":')
_KEY = _CALL + len(b'{"key":"')
_SYNC_SECONDS = 1.0


class Journal:
    """Looks replies up by the key of their request, and appends new ones to a file of its own.

    Only one journal writes a file; any number may read the folder. Memory holds one place a call, not the replies.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._places: dict[bytes, tuple[Path, int, int]] = {}
        self._own: int | None = None
        self._own_path = folder / f"{time.time_ns():020d}-{os.getpid()}.jsonl"
        self._synced = time.monotonic()
        for path in sorted(folder.glob("*.jsonl")):
            for start, line in _lines(path):
                if _whole(line):
                    self._places.setdefault(bytes.fromhex(line[_KEY : _KEY + 64].decode()), (path, start, len(line)))

    def __len__(self) -> int:
        return len(self._places)

    def get(self, request: Request) -> Reply | None:
        place = self._places.get(bytes.fromhex(request.key))
        if place is None:
            return None
        path, start, length = place
        with path.open("rb") as file:
            file.seek(start)
            return Reply(**json.loads(file.read(length))["call"]["reply"])

    def calls(self) -> Iterator[tuple[Request, Reply]]:
        """Every call, one at a time."""
        for path, start, length in self._places.values():
            with path.open("rb") as file:
                file.seek(start)
                call = json.loads(file.read(length))["call"]
            messages = tuple((message["role"], message["content"]) for message in call["request"].pop("messages"))
            yield Request(messages=messages, **call["request"]), Reply(**call["reply"])

    def put(self, request: Request, reply: Reply) -> None:
        """Append one call. Raises OSError where the disk does not take it; the reply then counts as never paid for."""
        call = _dump({"key": request.key, "request": request.record(), "reply": asdict(reply)})
        line = b'{"crc32":"%08x","call":%b}\n' % (zlib.crc32(call), call)
        if self._own is None:
            self._own = os.open(self._own_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        start = os.lseek(self._own, 0, os.SEEK_END)
        written = os.write(self._own, line)
        if written != len(line):
            os.ftruncate(self._own, start)
            raise OSError(f"{self._own_path}: wrote {written} of {len(line)} bytes; is the disk full?")
        self._places[bytes.fromhex(request.key)] = (self._own_path, start, len(line))
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()

    def _sync(self) -> None:
        if self._own is not None:
            os.fdatasync(self._own) if hasattr(os, "fdatasync") else os.fsync(self._own)
        self._synced = time.monotonic()

    def close(self) -> None:
        if self._own is not None:
            self._sync()
            os.close(self._own)
            self._own = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    start = 0
    with path.open("rb") as file:
        for line in file:
            yield start, line
            start += len(line)


def _whole(line: bytes) -> bool:
    if len(line) < _KEY + 64 or not line.endswith(b"}\n"):
        return False
    return line[_HEAD : _HEAD + 8] == b"%08x" % zlib.crc32(line[_CALL:-2])
