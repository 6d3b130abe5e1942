"""Targets: files that people hand over."""

import json
from dataclasses import asdict
from pathlib import Path

from synth.config.load import load
from synth.domain import Ask, Pair
from synth.parsing.formats import REPLY_FORMATS
from synth.rows.pairs import SetAside, pairs
from synth.rows.prompts import Placed, prompt_rows
from synth.rows.read import read
from synth.run.recorded.judgment import Recorded, RecordError, recorded
from synth.run.recorded.votes import counted
from synth.scenario import Catalogue, Scenario, definition
from tests.fuzz.target import Target, refusal_in_one_line, scratch, storable

_CATALOGUE = Catalogue({"others": Scenario("others", "group", "what", ())})


def _file(name: str, data: bytes) -> Path:
    path = scratch() / name
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
)
