"""Prometheus' Feedback-Collection (Kim et al., ICLR 2024): feedback on one response, then a score from 1 to 5."""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, ParseFailure, PointwiseJudgment, Side, scale_named
from synth.exports.formats import tasks
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import graded
from synth.exports.rubrics import criteria_text, rubric
from synth.exports.student import Setting, prompt_text
from synth.parsing.judges import prometheus

_REPLY = (
    "Reply in one piece: 'Feedback: ' with your critique of the response, then '[RESULT]' and the score that fits, a "
    "whole number from 1 to 5."
)
_SCORES = range(1, 6)
_SCHEMA = pa.schema(
    [
        *((name, TEXT) for name in ("instruction", "output", "orig_instruction", "orig_response")),
        *((name, TEXT) for name in ("orig_reference_answer", "orig_criteria")),
        *((f"orig_score{score}_description", TEXT) for score in _SCORES),
        ("orig_feedback", TEXT),
        ("orig_score", pa.int64()),
    ]
)


def _make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    for one in graded(judged, setting, scale_named("1-5")):
        if isinstance(one, LeftOut):
            yield one
            continue
        criteria = setting.criteria(one.pair, by_default=True)
        meanings = rubric(criteria, one.of, one.to)
        row = {
            "instruction": tasks.grading_prompt(one, setting, reply=_REPLY, rubric=meanings, criteria_by_default=True),
            "output": f"Feedback: {one.critique} [RESULT] {one.score}",
            "orig_instruction": prompt_text(one.pair.prompt),
            "orig_response": one.response,
            "orig_reference_answer": setting.reference(one.pair),
            "orig_criteria": criteria_text(criteria),
            **{f"orig_score{score}_description": meaning for score, meaning in meanings},
            "orig_feedback": one.critique,
            "orig_score": one.score,
        }
        yield Made(row, PointwiseJudgment(Side.A, one.score, one.critique), one.converted)


def _read(row: Row) -> Judgment | ParseFailure:
    return prometheus.parse_pointwise(row["output"], Side.A)


FEEDBACK_COLLECTION = Format(
    "feedback-collection",
    "Prometheus, one response: 'Feedback: ... [RESULT] 4', 1-5, with a rubric",
    _SCHEMA,
    _make,
    _read,
    single=True,
)
