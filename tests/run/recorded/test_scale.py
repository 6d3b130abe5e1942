import json
from pathlib import Path

import pytest

from synth.config.model import Imported
from synth.domain import Side
from synth.run import tables
from synth.run.again import config_of
from synth.run.folder import RunFolder
from synth.run.recorded.importing import import_judgments

GRADES = {
    "prometheus": "Feedback: fine. [RESULT] {}",
    "flow-judge": "<feedback>fine</feedback><score>{}</score>",
    "auto-j": "Fine. Rating: [[{}]]",
}


@pytest.mark.parametrize(
    ("form", "scale", "expected"),
    [("prometheus", None, "1-5"), ("flow-judge", None, "1-5"), ("flow-judge", "1-3", "1-3"), ("auto-j", None, "1-10")],
)
def test_imported_scores_are_on_the_scale_of_their_judge(
    tmp_path: Path, form: str, scale: str | None, expected: str
) -> None:
    judgments = [
        {"teacher": "t", "protocol": "pointwise", "response": str(side), "reply": GRADES[form].format(score)}
        for side, score in ((Side.A, 3), (Side.B, 1))
    ]
    pair = {"id": "1", "prompt": "q", "response_a": "one", "response_b": "two", "judgments": judgments}
    (tmp_path / "recorded.jsonl").write_text(json.dumps(pair))
    outcome = import_judgments(
        tmp_path / "recorded.jsonl",
        folder=tmp_path,
        preset="minimal",
        scale=scale,
        how=Imported(reply_format=form),
    )
    folder = RunFolder(outcome.folder)
    assert config_of(folder).judging.scale == expected
    (kept,) = tables.read(folder.kept)
    assert (kept["pointwise_a"], kept["pointwise_b"]) == (3, 1)
