"""Targets: files that people hand over, and what an endpoint sends, and the journal after an accident."""

import json
import os
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from synth.config.load import load
from synth.domain import Ask, Pair
from synth.parsing.formats import REPLY_FORMATS
from synth.rows.pairs import SetAside, pairs
from synth.rows.prompts import Placed, prompt_rows
from synth.rows.read import read
from synth.run.recorded.judgment import Recorded, RecordError, recorded
from synth.run.recorded.votes import counted
from synth.scenario import Catalogue, Scenario, definition
from synth.teacher.batch_client import _read as batch_results
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import reply, status_error
from synth.teacher.journal import Journal
from tests.fuzz.target import Target, refusal_in_one_line, storable, text_of

_CATALOGUE = Catalogue({"others": Scenario("others", "group", "what", ())})


@cache
def _folder() -> Path:
    """In memory where that is to be had; removed when the process ends."""
    memory = Path("/dev/shm")
    made = tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)
    _kept.append(made)
    return Path(made.name)


_kept: list[Any] = []


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def _scenario(data: bytes) -> None:
    path = _file("tea.yaml", data)
    with refusal_in_one_line():
        definition.problems(definition.written(path))
    with refusal_in_one_line():
        storable(definition.read(path).values)


def _config(data: bytes) -> None:
    with refusal_in_one_line():
        assert load(_file("config.yaml", data)).teacher.model


def _rows(name: str, data: bytes) -> None:
    path = _file(name, data)
    for asked in (True, False):
        with refusal_in_one_line():
            rows = read(path.name, path.parent, "train")
            for one in prompt_rows(rows, {}, _CATALOGUE, asked=asked, skip_bad_rows=True):
                assert isinstance(one, Placed | Pair | SetAside)
                storable(one)
    with refusal_in_one_line():
        for found in pairs(read(path.name, path.parent, "train"), {}, _CATALOGUE, skip_bad_rows=True):
            assert isinstance(found, Pair | SetAside)
            storable(found)


def _recorded(data: bytes) -> None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    for form in (None, *REPLY_FORMATS):
        by_ask: dict[Ask, list[Recorded]] = {}
        for each in found if isinstance(found, list) else [found]:
            try:
                one = recorded(each, form)
            except RecordError:
                continue
            storable(asdict(one))
            by_ask.setdefault(one.ask, []).append(one)
        for rule in ("majority", "unanimous"):
            storable([asdict(one) for one in counted(by_ask, rule).values()])


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
    folder = _folder() / "whole"
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
    folder = _folder() / "torn"
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
_NESTED = [b"[" * depth + b"]" * depth for depth in range(980, 1000)]

_LAUGHS = b"a0: &a0 [x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 9)) for level in range(1, 9)
)
_MERGED = b"a0: &a0 {x: 1}\n" + b"".join(
    b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (level, level, level - 1, level - 1) for level in range(1, 40)
)

TARGETS = (
    Target(
        "scenario file",
        "a definition that can be stored, or an error of one line",
        _scenario,
        (
            b"name: tea\ndefinition: The user wants a cup of tea.\nextends: [basic]\ncriteria:\n- {name: hot, type: "
            b"content, objective: true, description: Serves the tea hot., rubric: {1: cold, 10: hot}}\n",
            b"a: &a [1, 2]\nb: {<<: {c: *a}}\n",
        ),
        (b"a: &a {x: *a}", b'"a\\nb": 1', b'name: tea\nexamples: ["\\uD800"]', _LAUGHS, _MERGED),
    ),
    Target(
        "config file",
        "a config, or an error of one line",
        _config,
        (
            b"name: n\ndata: {path: p, columns: {prompt: q}}\nteacher: {model: m, slots: 4}\nfilters: default\n",
            b"data: {path: p}\nteacher: {model: m}\nfilters:\n- leaky\n- malformed: {language: en}\nbudget_usd: 1.5\n",
        ),
    ),
    Target(
        "rows of JSON lines",
        "each row is a pair, a prompt, or set aside, all of which can be stored; or an error of one line",
        lambda data: _rows("rows.jsonl", data),
        (
            b'{"id":1,"prompt":"q","response_a":"x","response_b":"y","human_label":"a"}\n',
            b'{"prompt":[{"role":"user","content":"q"}],"responses":["x",{"model":"m","text":"y"}]}\n',
        ),
        (b"\n".join(b'{"prompt":' + one + b',"response_a":"x","response_b":"y"}' for one in _NESTED),),
    ),
    Target(
        "rows of JSON",
        "as for JSON lines",
        lambda data: _rows("rows.json", data),
        (b'[{"prompt":"q","response_a":"x","response_b":"y","human_labels":["a",null,"tie"]}]',),
    ),
    Target(
        "rows of CSV",
        "as for JSON lines",
        lambda data: _rows("rows.csv", data),
        (b'prompt,response_a,response_b\nq,"x, or\n""z""",y\n',),
    ),
    Target(
        "recorded judgments",
        "each is refused, a failure, or a judgment that can be stored, and so are the votes that are counted",
        _recorded,
        (
            b'[{"teacher":"t","protocol":"pairwise","order":"ba","reply":"[[A]]","verdict":"b"},{"teacher":"u",'
            b'"protocol":"pairwise","order":"ba","verdict":"a","score_a":3,"score_b":1}]',
            b'[{"teacher":"t","protocol":"pointwise","response":"b","score":7,"reply":"Rating: [[7]]"}]',
        ),
        (b'{"teacher":"t","protocol":"pointwise","response":"a","reply":"[[' + b"9" * 400 + b']]"}',),
    ),
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
