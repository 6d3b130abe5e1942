"""Chosen and rejected (TRL's DPO and reward trainers), and RewardBench (Lambert et al., 2024). Ties have no place."""

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Order, Pair, PairwiseJudgment, ParseFailure, Prompt, Side, Verdict
from synth.exports.formats.base import MESSAGES, SEPARATOR, TEXT, Format, LeftOut, Made, Row
from synth.exports.student import Setting, prompt_text
from synth.rows import columns

_SAYS = PairwiseJudgment(Order.AB, Verdict.A)  # what is chosen stands first


def _decided(judged: JudgedPair) -> Side | LeftOut:
    """The better response. What a rule settled or grades alone say is a verdict as well."""
    if judged.verdict is None:
        return LeftOut("no verdict")
    if judged.verdict is Verdict.TIE:
        return LeftOut("tie")
    if judged.pair.response_a == judged.pair.response_b:
        return LeftOut("identical responses")
    return Side(judged.verdict.value)


def _make(messages: bool, implicit: bool, judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    better = _decided(judged)
    if isinstance(better, LeftOut):
        yield better
        return
    pair = judged.pair
    prompt, chosen, rejected = (_turns if messages else _texts)(
        pair.prompt, pair.response(better), pair.response(better.other)
    )
    if implicit:
        yield Made({"chosen": prompt + chosen, "rejected": prompt + rejected}, _SAYS)
    else:
        yield Made({"prompt": prompt, "chosen": chosen, "rejected": rejected}, _SAYS)


def _turns(prompt: Prompt, *responses: str) -> list[Any]:
    return [columns.prompt_row(prompt), *([{"role": "assistant", "content": text}] for text in responses)]


def _texts(prompt: Prompt, *responses: str) -> list[Any]:
    return [prompt_text(prompt) + SEPARATOR, *responses]


def _rewardbench(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    """`subset` is the scenario; `id` is a number there, and made of the pair's own."""
    better = _decided(judged)
    if isinstance(better, LeftOut):
        yield better
        return
    pair = judged.pair
    row = {
        "prompt": prompt_text(pair.prompt),
        "chosen": pair.response(better),
        "chosen_model": _model(pair, better),
        "rejected": pair.response(better.other),
        "rejected_model": _model(pair, better.other),
        "subset": pair.scenario,
        "id": number(pair.id),
    }
    yield Made(row, _SAYS)


def number(name: str) -> int:
    """Of 53 bits, so that every reader of JSON keeps it as it is."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 11


def _model(pair: Pair, side: Side) -> str:
    return pair.model_a if side is Side.A else pair.model_b


def _read(row: Row) -> Judgment | ParseFailure:
    if row["chosen"] == row["rejected"]:
        return ParseFailure("the chosen response is the rejected one", str(row["chosen"]))
    return _SAYS


def _format(name: str, about: str, *, messages: bool, implicit: bool) -> Format:
    of = MESSAGES if messages else TEXT
    names = ("chosen", "rejected") if implicit else ("prompt", "chosen", "rejected")
    return Format(name, about, pa.schema([(one, of) for one in names]), partial(_make, messages, implicit), _read)


PREFERENCE = _format(
    "preference", "DPO and reward models: messages, prompt of its own; no ties", messages=True, implicit=False
)
PREFERENCE_IMPLICIT = _format(
    "preference-implicit", "the same, with the prompt in chosen and rejected", messages=True, implicit=True
)
PREFERENCE_TEXT = _format(
    "preference-text", "DPO and reward models: text, prompt of its own; no ties", messages=False, implicit=False
)
PREFERENCE_TEXT_IMPLICIT = _format(
    "preference-text-implicit", "the same, with the prompt in chosen and rejected", messages=False, implicit=True
)
REWARDBENCH = Format(
    "rewardbench",
    "RewardBench: chosen and rejected with their models; no ties",
    pa.schema(
        [
            *((one, TEXT) for one in ("prompt", "chosen", "chosen_model", "rejected", "rejected_model", "subset")),
            ("id", pa.int64()),
        ]
    ),
    _rewardbench,
    _read,
)
