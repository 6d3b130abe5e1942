"""Our own: everything a kept label rests on, flat, by identity of the responses."""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Order, PairwiseJudgment, Side, Verdict
from synth.exports.formats.base import MESSAGES, TEXT, Format, LeftOut, Made, Row
from synth.exports.student import Setting
from synth.rows import columns

_NUMBER = pa.float64()
WITHIN = "judgment"  # the source of a reference that the teacher wrote in the course of this very judgment
_SCHEMA = pa.schema(
    [
        ("id", TEXT),
        ("scenario", TEXT),
        ("prompt", MESSAGES),
        ("response_a", TEXT),
        ("response_b", TEXT),
        ("verdict", TEXT),
        ("comparison", TEXT),
        ("critique_a", TEXT),
        ("critique_b", TEXT),
        ("score_a", _NUMBER),
        ("score_b", _NUMBER),
        ("pointwise_score_a", _NUMBER),
        ("pointwise_score_b", _NUMBER),
        ("pointwise_critique_a", TEXT),
        ("pointwise_critique_b", TEXT),
        ("reference", TEXT),
        ("reference_source", TEXT),
        ("model_a", TEXT),
        ("model_b", TEXT),
        ("source", TEXT),
        ("asked", TEXT),
        ("target_a", _NUMBER),
        ("target_b", _NUMBER),
        ("planted", TEXT),
        ("flawed", TEXT),
    ]
)


def _make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    """`comparison` and the critiques are those of order ab: "Response 1" in them is `response_a`.

    Where that comparison does not say the verdict, as it was settled by a rule, the row has neither its words on both
    nor its scores. Scores are as the teacher gave them, null where it gave none. `reference_source` is as in
    `Pair.reference_source`, or `judgment`. By `asked` a later version knows whether it would ask the same.
    """
    pair, shown = judged.pair, judged.comparison(Order.AB)
    if judged.verdict is None:
        yield LeftOut("no verdict")
        return
    says_it = shown is not None and shown.verdict is judged.verdict
    written = shown.reference if shown else ""
    grade_a, grade_b = judged.grade(Side.A), judged.grade(Side.B)
    row = {
        "id": pair.id,
        "scenario": pair.scenario,
        "prompt": columns.prompt_row(pair.prompt),
        "response_a": pair.response_a,
        "response_b": pair.response_b,
        "verdict": str(judged.verdict),
        "comparison": shown.comparison if shown and says_it else "",
        "critique_a": shown.critique_a if shown else "",
        "critique_b": shown.critique_b if shown else "",
        "score_a": shown.score_a if shown and says_it else None,
        "score_b": shown.score_b if shown and says_it else None,
        "pointwise_score_a": grade_a.score if grade_a else None,
        "pointwise_score_b": grade_b.score if grade_b else None,
        "pointwise_critique_a": grade_a.critique if grade_a else "",
        "pointwise_critique_b": grade_b.critique if grade_b else "",
        "reference": pair.reference or written,
        "reference_source": pair.reference_source or (written and WITHIN),
        "model_a": pair.model_a,
        "model_b": pair.model_b,
        "source": pair.source,
        "asked": judged.asked,
        "target_a": pair.target_a,
        "target_b": pair.target_b,
        "planted": pair.planted,
        "flawed": str(pair.flawed or ""),
    }
    yield Made(row, read(row))


def read(row: Row) -> PairwiseJudgment:
    said = {name: row[name] for name in ("score_a", "score_b", "comparison", "critique_a", "critique_b", "reference")}
    return PairwiseJudgment(Order.AB, Verdict(row["verdict"]), **said)


PAIRS = Format("pairs", "our own: one flat row a pair with verdict, scores and critiques", _SCHEMA, _make, read)
