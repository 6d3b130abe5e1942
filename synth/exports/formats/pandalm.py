"""PandaLM (Wang et al., ICLR 2024): `1`, `2` or `Tie`, the reason, and a reference that the student writes itself.

`pandalm` is the data as published, `pandalm-trainer` as its trainer reads it.
"""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Order, PairwiseJudgment, ParseFailure, Verdict
from synth.exports.formats import tasks
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import Compared, compared
from synth.exports.student import Setting, prompt_text
from synth.parsing.judges import pandalm

_RESULTS = {Verdict.A: "1", Verdict.B: "2", Verdict.TIE: "Tie"}
_REPLY = (
    "On the first line write 1 or 2 for the better response, or Tie. Then write your reason after '### Reason:', and "
    "after '### Reference:' the answer that you would have given."
)


def _published(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    one = compared(judged)
    if isinstance(one, LeftOut):
        yield one
        return
    first, second = one.responses
    row = {
        "inputs": {
            "instruction": prompt_text(one.pair.prompt),
            "input": "",
            "response1": first,
            "response2": second,
        },
        "outputs": {
            "evaluation_result": _RESULTS[one.verdict],
            "evaluation_reason": one.words(),
            "reference_response": one.reference,
        },
    }
    yield Made(row, _says(one))


def _for_trainer(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    one = compared(judged)
    if isinstance(one, LeftOut):
        yield one
        return
    prompt = tasks.comparison_prompt(one, setting, reply=_REPLY, reference=False)
    target = _target(_RESULTS[one.verdict], one.words(), one.reference)
    yield Made({"input_sequence": prompt, "output_sequence": target}, _says(one))


def _says(one: Compared) -> PairwiseJudgment:
    return PairwiseJudgment(Order.AB, one.verdict, comparison=one.words(), reference=one.reference.strip())


def _target(result: str, reason: str, reference: str) -> str:
    return f"{result}\n\n### Reason: {reason}\n\n### Reference: {reference}\n"


def _read_published(row: Row) -> Judgment | ParseFailure:
    """By the target that PandaLM's own pipeline makes of a row."""
    said = row["outputs"]
    target = _target(said["evaluation_result"], said["evaluation_reason"], said["reference_response"])
    return pandalm.parse_pairwise(target, Order.AB)


def _read_for_trainer(row: Row) -> Judgment | ParseFailure:
    return pandalm.parse_pairwise(row["output_sequence"], Order.AB)


def _struct(*names: str) -> pa.DataType:
    return pa.struct([(name, TEXT) for name in names])


PANDALM = Format(
    "pandalm",
    "PandaLM as published: inputs and outputs, with the reference in the target",
    pa.schema(
        [
            ("inputs", _struct("instruction", "input", "response1", "response2")),
            ("outputs", _struct("evaluation_result", "evaluation_reason", "reference_response")),
        ]
    ),
    _published,
    _read_published,
)
PANDALM_TRAINER = Format(
    "pandalm-trainer",
    "PandaLM as its trainer reads it: '1', '2' or 'Tie', '### Reason:', '### Reference:'",
    pa.schema([("input_sequence", TEXT), ("output_sequence", TEXT)]),
    _for_trainer,
    _read_for_trainer,
)
