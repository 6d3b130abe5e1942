"""Every request and reply of a run, on disk before anything else happens to it.

A folder of files, one writer each, one JSON object a line:

    {"crc32":"0b5c9d2e","part":{"id":"<64 hex digits>","text":"You compare two responses ..."}}
    {"crc32":"1c291ca3","call":{"key":"<64 hex digits>","request":{...},"reply":{...}}}

A part is a system message or a reply's schema: the same in call after call, so that each file says it once, before the
first call with it, and requests name it as `{"part": id}`. The checksum is over the bytes of `part` or `call`. A line
that does not add up (torn by a kill, cut by a full disk) counts as never written. A line is in the kernel's hands when
`put` returns, so that no kill of ours loses it; the disk itself is asked to follow once a second and at the end.

Calls that an earlier run paid for stand in files of their own, `carried-*.jsonl`.
"""

import json
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from synth.teacher.call import Reply, Request, digest

_HEAD = len(b'{"crc32":"')
_BODY = len(b'{"crc32":"00000000","call":')  # as long as that of a part
_IS_CALL, _IS_PART = b'","call":{"key":"', b'","part":{"id":"'
_KEY = _HEAD + 8 + len(_IS_CALL)
_SYNC_SECONDS = 1.0
_CARRIED = "carried-"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call's line is: the file's name, and bytes from its start."""

    file: str
    start: int
    length: int


class Journal:
    """Looks replies up by the key of their request, and appends new ones to a file of its own.

    Only one journal writes a file; any number may read the folder. Memory holds one place a call, not the replies.
    What `earlier`, the journal of another run, has an answer to counts as answered; it is copied when it is asked for,
    so that the folder is complete by itself. `earlier` is only read.
    """

    def __init__(self, folder: Path, earlier: "Journal | None" = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._earlier = earlier
        self._places: dict[bytes, tuple[Path, int, int]] = {}
        self._parts: dict[Path, dict[str, str]] = {}
        name = f"{time.time_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}.jsonl"  # machines may share the folder
        self._own, self._carried = _File(folder / name), _File(folder / f"{_CARRIED}{name}")
        for path in sorted(folder.glob("*.jsonl")):
            for key, start, length in _calls(path):
                self._places.setdefault(key, (path, start, length))

    def __len__(self) -> int:
        return len(self._places)

    def has(self, key: str) -> bool:
        return bytes.fromhex(key) in self._places

    def get(self, request: Request) -> Reply | None:
        """Raises OSError where a reply of `earlier` cannot be copied."""
        place = self._places.get(bytes.fromhex(request.key))
        if place is None:
            return self._carry_over(request)
        path, start, length = place
        with path.open("rb") as file:
            file.seek(start)
            return Reply(**json.loads(file.read(length))["call"]["reply"])

    def place(self, key: str) -> Place | None:
        found = self._places.get(bytes.fromhex(key))
        return Place(found[0].name, *found[1:]) if found else None

    def look(self, request: Request, place: Place) -> Reply | None:
        """The reply that another journal of this folder has written there; None until it can be seen from here."""
        path = self._own.path.parent / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.start)
                line = file.read(place.length)
        except FileNotFoundError:
            return None
        if len(line) != place.length or not _is_whole_call(line):
            return None
        self._places.setdefault(bytes.fromhex(request.key), (path, place.start, place.length))
        return self.get(request)

    def _carry_over(self, request: Request) -> Reply | None:
        known = self._earlier.get(request) if self._earlier is not None else None
        if known is not None:
            self._append(self._carried, request, known)
        return known

    def calls(self) -> Iterator[tuple[Request, Reply]]:
        """Every call, one at a time."""
        return self._read(self._places.values())

    def paid(self) -> Iterator[tuple[Request, Reply]]:
        """Those that were paid for here: all but the carried ones."""
        return self._read(place for place in self._places.values() if not place[0].name.startswith(_CARRIED))

    def _read(self, places: Iterable[tuple[Path, int, int]]) -> Iterator[tuple[Request, Reply]]:
        for path, start, length in places:
            with path.open("rb") as file:
                file.seek(start)
                call = json.loads(file.read(length))["call"]
            yield _request(call["request"], self._parts_of(path)), Reply(**call["reply"])

    def _parts_of(self, path: Path) -> dict[str, str]:
        """What the calls of a file share, by its id."""
        if path not in self._parts:
            lines = (line for _, line in _lines(path) if line[_HEAD + 8 :].startswith(_IS_PART))
            parts = (json.loads(line)["part"] for line in lines if _adds_up(line))
            self._parts[path] = {part["id"]: part["text"] for part in parts}
        return self._parts[path]

    def put(self, request: Request, reply: Reply) -> None:
        """Append one call. Raises OSError where the disk does not take it; the reply then counts as never paid for."""
        self._append(self._own, request, reply)

    def _append(self, file: "_File", request: Request, reply: Reply) -> None:
        start, length = file.append(request, reply)
        self._places[bytes.fromhex(request.key)] = (file.path, start, length)

    def close(self) -> None:
        for file in (self._own, self._carried):
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _File:
    """A file of the journal that this process writes; it is made for the first call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number: int | None = None
        self._size = 0
        self._parts: set[str] = set()
        self._synced = time.monotonic()

    def append(self, request: Request, reply: Reply) -> tuple[int, int]:
        """Write one call, after the parts that it is the first to name. Returns where its line is, and how long."""
        parts = {digest(text): text for text in _parts(request)}
        new = [name for name in parts if name not in self._parts]
        before = b"".join(_line(b"part", {"id": name, "text": parts[name]}) for name in new)
        call = _line(b"call", {"key": request.key, "request": _record(request), "reply": asdict(reply)})
        self._write(before + call)
        self._parts.update(new)
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            self._sync()
        return self._size - len(call), len(call)

    def _write(self, lines: bytes) -> None:
        if self._number is None:
            self._number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        written = os.write(self._number, lines)
        if written != len(lines):
            os.ftruncate(self._number, self._size)
            raise OSError(f"{self.path}: wrote {written} of {len(lines)} bytes; is the disk full?")
        self._size += written

    def _sync(self) -> None:
        if self._number is not None:
            os.fdatasync(self._number) if hasattr(os, "fdatasync") else os.fsync(self._number)
        self._synced = time.monotonic()

    def close(self) -> None:
        if self._number is not None:
            self._sync()
            os.close(self._number)
            self._number = None


def carried(folder: Path) -> int:
    """How many calls of a journal's folder were carried over from an earlier run."""
    return len({key for path in folder.glob(f"{_CARRIED}*.jsonl") for key, _, _ in _calls(path)})


def _calls(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Key, start and length of every whole call in a file."""
    for start, line in _lines(path):
        if _is_whole_call(line):
            yield bytes.fromhex(line[_KEY : _KEY + 64].decode()), start, len(line)


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
    """What `_record` made a record of. A part whose line is garbled is empty: the call was paid for."""
    messages = tuple(
        (one["role"], parts.get(one["part"], "") if "part" in one else one["content"]) for one in record.pop("messages")
    )
    schema = record.pop("schema")
    return Request(messages=messages, schema=parts.get(schema["part"], "") if schema else "", **record)


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
    return line.endswith(b"}\n") and line.startswith(b'{"crc32":"%08x"' % zlib.crc32(line[_BODY:-2]))
