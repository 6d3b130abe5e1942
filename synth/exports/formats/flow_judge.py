"""Flow-Judge (Flow AI, 2024): feedback on one output, then a score by a binary, 3-point or 5-point rubric.

The target is made of the fields: `<feedback>...</feedback>`, then `<score>n</score>`.
"""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Pair, ParseFailure, PointwiseJudgment, Scale, Side, scale_named
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import graded
from synth.exports.rubrics import criteria_text, rubric
from synth.exports.student import Setting, prompt_text
from synth.parsing.judges import flow_judge

_SCALES = ("binary", "1-3", "1-5")
_NAMED = pa.struct([("name", TEXT), ("content", TEXT)])
_SCHEMA = pa.schema(
    [
        ("id", TEXT),
        ("inputs", pa.list_(_NAMED)),
        ("output", _NAMED),
        ("criteria", TEXT),
        ("rubric", pa.list_(pa.struct([("score", pa.int64()), ("description", TEXT)]))),
        ("feedback", TEXT),
        ("score", pa.int64()),
    ]
)


def target(row: Row) -> str:
    """What the student is to reply."""
    return f"<feedback>\n{row['feedback']}\n</feedback>\n<score>\n{row['score']}\n</score>"


def _make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    for one in graded(judged, setting, _scale(judged.pair, setting)):
        if isinstance(one, LeftOut):
            yield one
            continue
        criteria = setting.criteria(one.pair, by_default=True)
        reference = setting.reference(one.pair)
        inputs = [{"name": "prompt", "content": prompt_text(one.pair.prompt)}]
        row = {
            "id": f"{one.pair.id}/{one.judgment.response}",
            "inputs": inputs + ([{"name": "reference", "content": reference}] if reference else []),
            "output": {"name": "response", "content": one.response},
            "criteria": criteria_text(criteria),
            "rubric": [{"score": n, "description": meaning} for n, meaning in rubric(criteria, one.of, one.to)],
            "feedback": one.critique,
            "score": one.score,
        }
        yield Made(row, PointwiseJudgment(Side.A, one.score, one.critique), one.converted)


def _scale(pair: Pair, setting: Setting) -> Scale:
    """The asked one where it is one of Flow-Judge's, else 1-5."""
    asked = setting.asked_scale(pair)
    return asked if asked.name in _SCALES else scale_named("1-5")


def _read(row: Row) -> Judgment | ParseFailure:
    return flow_judge.parse_pointwise(target(row), Side.A)


FLOW_JUDGE = Format(
    "flow-judge",
    "Flow-Judge, one response: feedback and score by a rubric of 2, 3 or 5 scores",
    _SCHEMA,
    _make,
    _read,
    single=True,
)
