"""Every request and reply of a run, on disk before anything else happens to it.

A folder of files, one writer each, one JSON object a line:

    {"crc32":"0b5c9d2e","part":{"id":"<64 hex digits>","text":"You compare two responses ..."}}
    {"crc32":"1c291ca3","call":{"key":"<64 hex digits>","request":{...},"reply":{...}}}

A part is a system message or a reply's schema: the same in call after call, so that each file says it once, before the
first call with it, and requests name it as `{"part": id}`. The checksum is over the bytes of `part` or `call`. A line
that does not add up (torn by a kill, cut by a full disk) counts as never written. A line is in the kernel's hands when
`put` returns, so that no kill of ours loses it; the disk itself is asked to follow once a second and at the end.
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

from synth.teacher.call import Reply, Request, digest

_HEAD = len(b'{"crc32":"')
_BODY = len(b'{"crc32":"00000000","call":')  # as long as that of a part
_IS_CALL, _IS_PART = b',"call":{"key":"', b',"part":{"id":"'
_KEY = _HEAD + 8 + 1 + len(_IS_CALL)
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
        self._own_size = 0
        self._own_parts: set[str] = set()
        self._parts: dict[Path, dict[str, str]] = {}
        self._own_path = folder / f"{time.time_ns():020d}-{os.getpid()}.jsonl"
        self._synced = time.monotonic()
        for path in sorted(folder.glob("*.jsonl")):
            for start, line in _lines(path):
                if _is_whole_call(line):
                    self._places.setdefault(bytes.fromhex(line[_KEY : _KEY + 64].decode()), (path, start, len(line)))

    def __len__(self) -> int:
        return len(self._places)

    def has(self, key: str) -> bool:
        return bytes.fromhex(key) in self._places

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
            yield _request(call["request"], self._parts_of(path)), Reply(**call["reply"])

    def _parts_of(self, path: Path) -> dict[str, str]:
        """What the calls of a file share, by its id."""
        if path not in self._parts:
            lines = (line for _, line in _lines(path) if line[_HEAD + 9 :].startswith(_IS_PART))
            parts = (json.loads(line)["part"] for line in lines if _adds_up(line))
            self._parts[path] = {part["id"]: part["text"] for part in parts}
        return self._parts[path]

    def put(self, request: Request, reply: Reply) -> None:
        """Append one call. Raises OSError where the disk does not take it; the reply then counts as never paid for."""
        parts = {digest(text): text for text in _parts(request)}
        new = [name for name in parts if name not in self._own_parts]
        before = b"".join(_line(b"part", {"id": name, "text": parts[name]}) for name in new)
        call = _line(b"call", {"key": request.key, "request": _record(request), "reply": asdict(reply)})
        self._append(before + call)
        self._own_parts.update(new)
        self._places[bytes.fromhex(request.key)] = (self._own_path, self._own_size - len(call), len(call))
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()

    def _append(self, lines: bytes) -> None:
        if self._own is None:
            self._own = os.open(self._own_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        written = os.write(self._own, lines)
        if written != len(lines):
            os.ftruncate(self._own, self._own_size)
            raise OSError(f"{self._own_path}: wrote {written} of {len(lines)} bytes; is the disk full?")
        self._own_size += written

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


def _parts(request: Request) -> Iterator[str]:
    yield from (content for role, content in request.messages if role == "system")
    if request.schema:
        yield request.schema


def _record(request: Request) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": [
            {"role": role, "part": digest(content)} if role == "system" else {"role": role, "content": content}
            for role, content in request.messages
        ],
        "schema": {"part": digest(request.schema)} if request.schema else None,
        "max_tokens": request.max_tokens,
        "parameters": request.parameters,
        "sample": request.sample,
    }


def _request(record: dict[str, Any], parts: dict[str, str]) -> Request:
    """What `_record` made a record of."""
    messages = tuple(
        (one["role"], parts[one["part"]] if "part" in one else one["content"]) for one in record.pop("messages")
    )
    schema = record.pop("schema")
    return Request(messages=messages, schema=parts[schema["part"]] if schema else "", **record)


def _line(kind: bytes, value: dict[str, Any]) -> bytes:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b'{"crc32":"%08x","%b":%b}\n' % (zlib.crc32(body), kind, body)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    start = 0
    with path.open("rb") as file:
        for line in file:
            yield start, line
            start += len(line)


def _is_whole_call(line: bytes) -> bool:
    return len(line) >= _KEY + 64 and line[_KEY - len(_IS_CALL) : _KEY] == _IS_CALL and _adds_up(line)


def _adds_up(line: bytes) -> bool:
    return line.endswith(b"}\n") and line[_HEAD : _HEAD + 8] == b"%08x" % zlib.crc32(line[_BODY:-2])
