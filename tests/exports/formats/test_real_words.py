"""Critiques as a strong teacher wrote them go through every format."""

import json

import pytest

from synth.domain import (
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    ParseFailure,
    PointwiseJudgment,
    Side,
    Verdict,
)
from synth.exports import FORMATS, Setting
from synth.exports.formats import Made
from synth.scenario import load
from tests.conftest import SHARED_DATA

CRITIQUES = SHARED_DATA / "autoj_critiques.jsonl"


@pytest.mark.skipif(not CRITIQUES.exists(), reason=f"no recorded critiques at {CRITIQUES}")
def test_hardly_a_real_critique_holds_the_marks_of_a_format() -> None:
    catalogue = load()
    setting, left_out = Setting(catalogue), 0
    rows = [json.loads(line) for line in CRITIQUES.read_text().splitlines()]
    for row in rows:
        scenario = row["scenario"] if row["scenario"] in catalogue else "others"
        pair = Pair(row["id"], (Message("user", row["prompt"]),), row["response"], "Nothing.", scenario)
        words = row["combined_critique"].rpartition("Rating:")[0] or row["combined_critique"]
        judged = JudgedPair(
            pair,
            (
                *(PairwiseJudgment(order, Verdict.A, 9, 1, words, words, "Response 2 is empty.") for order in Order),
                PointwiseJudgment(Side.A, row["rating"], words),
                PointwiseJudgment(Side.B, 1, "It says nothing."),
            ),
        )
        for form in FORMATS:
            for one in form.rows(judged, setting):
                if isinstance(one, Made):
                    assert not isinstance(form.read(json.loads(json.dumps(one.row))), ParseFailure)
                else:
                    left_out += 1
    assert len(rows) > 400
    assert left_out <= 0.01 * len(rows)
