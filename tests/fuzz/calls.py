"""Targets: what an endpoint sends, and the journal of calls after an accident."""

import json
from functools import cache

from synth.teacher.batch_client import _read as batch_results
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import reply, status_error
from synth.teacher.journal import Journal
from tests.fuzz.target import Target, scratch, storable, text_of


def _answer(data: bytes) -> None:
    status, _, rest = text_of(data).partition("\n")
    header, _, body = rest.partition("\n")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = body
    code = int(status) if status.isdecimal() and status.isascii() and len(status) == 3 else 429
    failed = status_error(code, answer, body, {"retry-after": header, "retry-after-ms": status})
    assert failed.retry_after is None or 0 <= failed.retry_after <= 3600
    try:
        found = reply(answer)
    except (AttributeError, IndexError, KeyError, TypeError):
        return  # of which the client makes an error
    assert isinstance(found, Reply | CallError)
    if isinstance(found, Reply):
        storable(found)


def _batch(data: bytes) -> None:
    for key, outcome in batch_results(data.splitlines()):
        assert isinstance(key, str)
        assert isinstance(outcome, Reply | CallError)


_CALLS = [
    (Request("m", (("system", "Judge."), ("user", f"ask {number}")), '{"type":"object"}'), Reply("yes", "stop", 3, 1))
    for number in range(3)
]


@cache
def _whole_journal() -> bytes:
    folder = scratch() / "whole"
    with Journal(folder) as journal:
        for request, answer in _CALLS:
            journal.put(request, answer)
    (path,) = folder.glob("*.jsonl")
    return path.read_bytes()


def _journal(data: bytes) -> None:
    """Three bytes are an edit: the place (of 256 parts), what is done there, and a byte for it."""
    whole = bytearray(_whole_journal())
    for number in range(0, len(data) - 2, 3):
        place, kind, value = (
            data[number] * len(whole) // 256 + data[number + 1] // 4,
            data[number + 1] % 4,
            data[number + 2],
        )
        match kind:
            case 0:
                whole[place : place + 1] = bytes([value])
            case 1:
                del whole[place : place + value]
            case 2:
                whole[place:place] = bytes([value])
            case _:
                whole[place:place] = whole[max(0, place - value) : place]
    folder = scratch() / "torn"
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.jsonl"):
        path.unlink()
    (folder / "1.jsonl").write_bytes(whole)
    journal = Journal(folder)
    for request, answer in _CALLS:
        assert journal.get(request) in (None, answer)
    known = [(request.messages[1], answer) for request, answer in _CALLS]
    assert all((request.messages[1], answer) in known for request, answer in journal.calls())


_COMPLETION = b'{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}'

TARGETS = (
    Target(
        "endpoint",
        "an answer is a reply that can be stored, or an error; no time to wait is longer than an hour",
        _answer,
        (
            b"200\n\n" + _COMPLETION,
            b'429\nMon, 23 Nov 2026 10:00:00 GMT\n{"message":"slow down","code":"insufficient_quota"}',
        ),
        (b"503\nMon, 99 Jan 2024 00:00:00 GMT\n", b"503\ninf\n"),
    ),
    Target(
        "batch results",
        "each line is an outcome of a request, or none",
        _batch,
        (
            b'{"custom_id":"k","response":{"status_code":200,"body":' + _COMPLETION + b"}}",
            b'{"custom_id":"k","response":null,"error":{"code":"batch_expired","message":"m"}}',
        ),
        (
            b'{"custom_id":"k","response":{"status_code":Infinity}}',
            b"[" * 5000,
            b'{"custom_id":"k","response":{"status_code":200,"body":{"choices":{"a":1}}}}',
        ),
    ),
    Target(
        "journal",
        "what is torn or garbled was never written, and all else comes back as it was",
        _journal,
        (b"", b"\x80\x01\x10", b"\x40\x00x\xc0\x02y"),
        (b"\x00\x00x", b"\x0c\x00x"),
    ),
)
