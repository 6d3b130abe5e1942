"""Auto-J (Li et al., ICLR 2024): a critique, then a decision on a pair or a rating of one response.

Its student never sees the criteria (section 3). The single file spells its first field `usrmsg`.
"""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import (
    JudgedPair,
    Judgment,
    Order,
    PairwiseJudgment,
    ParseFailure,
    PointwiseJudgment,
    Side,
    Verdict,
    scale_named,
)
from synth.exports.formats import tasks
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import compared, graded
from synth.exports.student import Setting
from synth.parsing.judges import auto_j

_LABELS = {Verdict.A: 0, Verdict.B: 1, Verdict.TIE: 2}


def _pairwise(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    """`gt_label` is a person's, null where nobody labelled the pair; `pred_label` is the verdict."""
    one = compared(judged)
    if isinstance(one, LeftOut):
        yield one
        return
    human = judged.pair.human_label
    yield Made(
        {
            "usermsg": tasks.comparison_prompt(one, setting),
            "target_output": tasks.decision(one),
            "gt_label": None if human is None else _LABELS[one.by_slots(human)],
            "pred_label": _LABELS[one.verdict],
            "scenario": one.pair.scenario,
            "source_dataset": one.pair.source,
        },
        PairwiseJudgment(Order.AB, one.verdict, comparison=one.words()),
    )


def _read_pairwise(row: Row) -> Judgment | ParseFailure:
    return auto_j.parse_pairwise(row["target_output"], Order.AB)


def _single(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    for one in graded(judged, setting, scale_named("1-10")):
        if isinstance(one, LeftOut):
            yield one
            continue
        yield Made(
            {
                "usrmsg": tasks.grading_prompt(one, setting),
                "target_output": tasks.rating(one),
                "pred_score": float(one.score),
                "scenario": one.pair.scenario,
                "source_dataset": one.pair.source,
            },
            PointwiseJudgment(Side.A, one.score, one.critique),
            one.converted,
        )


def _read_single(row: Row) -> Judgment | ParseFailure:
    return auto_j.parse_pointwise(row["target_output"], Side.A)


_COLUMNS = [("scenario", TEXT), ("source_dataset", TEXT)]
AUTO_J = Format(
    "auto-j",
    "Auto-J, two responses: critique, then 'So, the final decision is Response 1'",
    pa.schema(
        [("usermsg", TEXT), ("target_output", TEXT), ("gt_label", pa.int64()), ("pred_label", pa.int64()), *_COLUMNS]
    ),
    _pairwise,
    _read_pairwise,
)
AUTO_J_SINGLE = Format(
    "auto-j-single",
    "Auto-J, one response: critique, then 'Rating: [[7]]', 1-10",
    pa.schema([("usrmsg", TEXT), ("target_output", TEXT), ("pred_score", pa.float64()), *_COLUMNS]),
    _single,
    _read_single,
    single=True,
)
