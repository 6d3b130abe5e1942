"""Prometheus 2's Preference-Collection (Kim et al., EMNLP 2024): feedback on two responses, then `A` or `B`; no ties.

All of a row is from one comparison. Its fields are text, scores too.
"""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Order, PairwiseJudgment, ParseFailure, Verdict, scale_named
from synth.exports.formats import tasks
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import Compared, compared, renamed
from synth.exports.rubrics import criteria_text
from synth.exports.scales import converted, note
from synth.exports.student import Setting, prompt_text
from synth.parsing.judges import prometheus

_SCALE = scale_named("1-5")
_MARKS = ("A", "B")
_REPLY = (
    "Reply in one piece: 'Feedback: ' with your comparison of the responses, then '[RESULT]' and A or B for the better "
    "one. There is no tie."
)
_NAMES = (
    *("instruction", "input", "output", "orig_instruction", "orig_response_A", "orig_response_B"),
    *("orig_reference_answer", "orig_criteria", "orig_feedback", "orig_feedback_A", "orig_feedback_B"),
    *("orig_score_A", "orig_score_B", "orig_preference"),
)


def _make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    one = compared(judged)
    yield one if isinstance(one, LeftOut) else _row(one, setting)


def _row(one: Compared, setting: Setting) -> Made | LeftOut:
    if one.verdict is Verdict.TIE:
        return LeftOut("tie")
    of = setting.scale_of(one.pair)
    scores, notes = [], []
    for given in one.scores:
        score = None if given is None else converted(given, of, _SCALE)
        if given is not None and score is None:
            return LeftOut(f"score off the scale {of.name}")
        scores.append("" if score is None else str(score))
        notes.append("" if given is None or score is None else note(given, score, of, _SCALE))
    words = one.words("Response", _MARKS)
    preferred = _MARKS[0] if one.verdict is Verdict.A else _MARKS[1]
    critique_a, critique_b = (renamed(critique.strip(), "Response", _MARKS) for critique in one.critiques)
    first, second = one.responses
    row = {
        "instruction": tasks.comparison_prompt(one, setting, reply=_REPLY, marks=_MARKS, criteria_by_default=True),
        "input": "",
        "output": f"Feedback: {words} [RESULT] {preferred}",
        "orig_instruction": prompt_text(one.pair.prompt),
        "orig_response_A": first,
        "orig_response_B": second,
        "orig_reference_answer": setting.reference(one.pair),
        "orig_criteria": criteria_text(setting.criteria(one.pair, by_default=True)),
        "orig_feedback": words,
        "orig_feedback_A": critique_a,
        "orig_feedback_B": critique_b,
        "orig_score_A": scores[0],
        "orig_score_B": scores[1],
        "orig_preference": preferred,
    }
    return Made(row, PairwiseJudgment(Order.AB, one.verdict, comparison=words), max(notes))


def _read(row: Row) -> Judgment | ParseFailure:
    return prometheus.parse_pairwise(row["output"], Order.AB)


PREFERENCE_COLLECTION = Format(
    "preference-collection",
    "Prometheus 2, two responses: 'Feedback: ... [RESULT] A'; no ties",
    pa.schema([(name, TEXT) for name in _NAMES]),
    _make,
    _read,
)
