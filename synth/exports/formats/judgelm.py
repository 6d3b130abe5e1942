"""JudgeLM (Zhu et al., ICLR 2025): the scores of both answers on the first line, then the reasons.

Its trainer writes the instruction itself, swaps rows by renaming "Assistant 1" and "Assistant 2" in `text`, and takes
the fields with `_w_reference` where it shows the reference. One judgment of ours fills both.
"""

from collections.abc import Iterator

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Order, PairwiseJudgment, ParseFailure, Verdict, scale_named
from synth.exports.formats.base import TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import Compared, compared
from synth.exports.scales import converted, note
from synth.exports.student import Setting, prompt_text
from synth.parsing.judges import judgelm

_SCALE = scale_named("1-10")
_SCORES = pa.list_(pa.float64())
_ANSWER = pa.struct([("decoding_method", TEXT)])  # what theirs has; we do not know it
_SCHEMA = pa.schema(
    [
        ("question_id", TEXT),
        ("text", TEXT),
        ("score", _SCORES),
        ("question_body", TEXT),
        ("answer1_body", TEXT),
        ("answer2_body", TEXT),
        ("answer1_id", TEXT),
        ("answer2_id", TEXT),
        ("answer1_model_id", TEXT),
        ("answer2_model_id", TEXT),
        ("answer1_metadata", _ANSWER),
        ("answer2_metadata", _ANSWER),
        ("reference", pa.struct([("text", TEXT)])),
        ("text_w_reference", TEXT),
        ("score_w_reference", _SCORES),
        ("review_id", TEXT),
        ("reviewer_id", TEXT),
        ("metadata", pa.struct([("scenario", TEXT), ("source", TEXT)])),
    ]
)


def _make(judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    one = compared(judged)
    yield one if isinstance(one, LeftOut) else _row(one, setting)


def _row(one: Compared, setting: Setting) -> Made | LeftOut:
    pair, of = one.pair, setting.scale_of(one.pair)
    given = [score for score in one.scores if score is not None]
    if len(given) < 2:
        return LeftOut("compared without scores")
    if not all(map(of.holds, given)):
        return LeftOut(f"score off the scale {of.name}")
    scores = [_score(score, setting, one) for score in given]
    ahead = Verdict.TIE if scores[0] == scores[1] else Verdict.A if scores[0] > scores[1] else Verdict.B
    if ahead is not one.verdict:
        return LeftOut("scores make another verdict")
    words = one.words("Assistant")
    text = f"{scores[0]:g} {scores[1]:g}\n{words}"
    first, second = one.sides
    metadata = {"decoding_method": ""}
    row = {
        "question_id": pair.id,
        "text": text,
        "score": scores,
        "question_body": prompt_text(pair.prompt),
        "answer1_body": one.responses[0],
        "answer2_body": one.responses[1],
        "answer1_id": f"{pair.id}/{first}",
        "answer2_id": f"{pair.id}/{second}",
        "answer1_model_id": one.models[0],
        "answer2_model_id": one.models[1],
        "answer1_metadata": metadata,
        "answer2_metadata": metadata,
        "reference": {"text": setting.reference(pair)},
        "text_w_reference": text,
        "score_w_reference": scores,
        "review_id": f"{pair.id}/{one.judgment.order}",
        "reviewer_id": setting.teacher,
        "metadata": {"scenario": pair.scenario, "source": pair.source},
    }
    says = PairwiseJudgment(Order.AB, one.verdict, scores[0], scores[1], comparison=words)
    notes = (note(score, number, of, _SCALE) for score, number in zip(given, scores, strict=True))
    return Made(row, says, max(notes))


def _score(score: float, setting: Setting, one: Compared) -> float:
    """The format knows fractions: a score on its own scale is as it was given, to the digits that are written."""
    of = setting.scale_of(one.pair)
    number = float(f"{score:g}") if of == _SCALE else converted(score, of, _SCALE)
    assert number is not None  # it is on its scale
    return float(number)


def _read(row: Row) -> Judgment | ParseFailure:
    return judgelm.parse_pairwise(row["text"], Order.AB)


JUDGELM = Format("judgelm", "JudgeLM: a first line of both scores, 1-10, then the reasons", _SCHEMA, _make, _read)
