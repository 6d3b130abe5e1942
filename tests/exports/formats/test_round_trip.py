"""Every format, read by its judge's own rules, says what the pair said; and holds to its columns."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import (
    JudgedPair,
    Order,
    PairwiseJudgment,
    PointwiseJudgment,
    Side,
    Verdict,
)
from synth.exports import FORMATS, Format, Setting, Student
from synth.exports.formats import HOLDS_MARKS, LeftOut, Made, Row
from synth.exports.student import prompt_text
from synth.scenario import load
from tests.strategies import judged_pairs, orders, other_verdict, sides, texts, verdicts

CATALOGUE = load()
SINGLE = {"auto-j-single", "feedback-collection", "flow-judge", "chat-single", "prompt-completion-single"}
CHOSEN = {one.name for one in FORMATS if one.name.startswith("preference") and "collection" not in one.name}
CHOSEN |= {"rewardbench"}
DECIDED = CHOSEN | {"preference-collection"}

settings = st.builds(
    Setting,
    catalogue=st.just(CATALOGUE),
    scale=st.just("1-10"),
    own_criteria=st.booleans(),
    student=st.builds(
        Student,
        criteria=st.sampled_from(["auto", "in", "out"]),
        reference=st.sampled_from(["in", "out"]),
        wordings=st.integers(1, 3),
        scale=st.sampled_from(["auto", "1-10", "1-5", "1-3", "binary"]),
    ),
    seed=st.integers(0, 5),
)
MARKS = [
    "[RESULT] 4",
    "[RESULT] A",
    "[RESULT]",
    "Feedback:",
    "Rating: [[5]]",
    "Rating: [[",
    "[[A]]",
    "<score>3</score>",
    "<score>",
    "</feedback>",
    "<feedback>",
    "So, the final decision is Tie",
    "So, the final decision is",
    "final decision is Response 2",
    "### Reason:",
    "### Reference:",
    "Score: 2",
    "Result: B",
    "7 3",
    "1\n",
    "Tie",
    "\n",
    "Response 1",
    "Responses 1 and 2",
]
said = st.lists(st.sampled_from(MARKS) | texts, max_size=5).map(" ".join)


@st.composite
def said_with_marks(draw: st.DrawFn) -> JudgedPair:
    """Judged pairs whose critiques hold what formats end with, some with a verdict that a rule settled."""
    judged = draw(judged_pairs(with_failures=False))
    judgments = tuple(
        replace(one, comparison=draw(said), critique_a=draw(said), critique_b=draw(said), reference=draw(said))
        if isinstance(one, PairwiseJudgment)
        else replace(one, critique=draw(said), reference=draw(said))
        for one in judged.judgments
    )
    settled = draw(st.none() | verdicts)
    return replace(judged, judgments=judgments, settled=settled)


def shown_order(judged: JudgedPair) -> Order:
    """Of the comparison that a row teaches: the first that says the verdict."""
    return next(one.order for one in judged.comparisons if one.verdict is judged.verdict)


def holds(form: Format, judged: JudgedPair, row: Row) -> None:
    """The row, as it comes out of a file, says what the pair says."""
    again = json.loads(json.dumps(row, ensure_ascii=False))
    assert again == row
    assert list(row) == form.schema.names
    assert pa.Table.from_pylist([row], form.schema).to_pylist() == [row]
    read = form.read(again)
    if form.name in CHOSEN:
        better = Side(str(judged.verdict))
        assert response_text(row["chosen"]).endswith(judged.pair.response(better))
        assert response_text(row["rejected"]).endswith(judged.pair.response(better.other))
    elif form.name in SINGLE:
        assert isinstance(read, PointwiseJudgment)
        assert read.critique in {one.critique.strip() for one in judged.grades}
    elif form.name == "pairs":
        assert isinstance(read, PairwiseJudgment)
        assert read.verdict is judged.verdict
    else:
        assert isinstance(read, PairwiseJudgment)
        order = shown_order(judged)
        assert judged.verdict is not None
        assert read.verdict is (judged.verdict if order is Order.AB else other_verdict(judged.verdict))


def response_text(value: str | list[dict[str, str]]) -> str:
    return value if isinstance(value, str) else value[-1]["content"]


@given(said_with_marks(), settings)
def test_a_row_reads_back_whatever_the_words_hold(judged: JudgedPair, setting: Setting) -> None:
    for form in FORMATS:
        made = list(form.rows(judged, setting))
        assert len(made) == (2 if form.name in SINGLE else 1)
        for one in made:
            if isinstance(one, Made):
                holds(form, judged, one.row)


@given(judged_pairs(), settings)
def test_what_is_left_out_has_a_reason_that_holds(judged: JudgedPair, setting: Setting) -> None:
    for form in FORMATS:
        for one in form.rows(judged, setting):
            if isinstance(one, LeftOut):
                is_so(form, judged, one.reason)


def is_so(form: Format, judged: JudgedPair, reason: str) -> None:
    match reason:
        case "no verdict":
            assert judged.verdict is None
        case "tie":
            assert judged.verdict is Verdict.TIE
            assert form.name in DECIDED
        case "not compared":
            assert not judged.comparisons
        case "not graded alone":
            assert len(judged.grades) < 2
        case "compared without scores":
            first = judged.comparison(shown_order(judged))
            assert first is not None
            assert None in (first.score_a, first.score_b)
        case "scores make another verdict":
            assert form.name == "judgelm"
        case "identical responses":
            assert judged.pair.response_a == judged.pair.response_b
        case _:
            pytest.fail(f"{form.name}: {reason}")  # these texts are too short to hold a mark


@given(judged=judged_pairs(with_failures=False), setting=settings)
def test_grades_come_back_on_the_scale_of_the_format(judged: JudgedPair, setting: Setting) -> None:
    tops = {"auto-j-single": 10, "feedback-collection": 5}
    asked = {"auto": 10, "1-10": 10, "1-5": 5, "1-3": 3, "binary": 1}[setting.student.scale]
    tops |= {"chat-single": asked, "flow-judge": 5 if asked == 10 else asked}
    for form in FORMATS:
        if form.name not in tops:
            continue
        made = [one for one in form.rows(judged, setting) if isinstance(one, Made)]
        for grade, one in zip(judged.grades, made, strict=True):
            low, high = (0, 1) if tops[form.name] == 1 else (1, tops[form.name])
            exact = low + (grade.score - 1) / 9 * (high - low)
            read = form.read(one.row)
            assert isinstance(read, PointwiseJudgment)
            assert read.score == int(read.score)
            assert abs(read.score - exact) <= 0.5 + 1e-9
            assert bool(one.converted) == (high != 10)


@given(sides, orders, st.data())
def test_judgelm_scores_come_back_as_they_were_given(side: Side, order: Order, data: st.DataObject) -> None:
    judged = data.draw(judged_pairs(with_failures=False))
    better, worse = 7.25, 3.0
    scores = {f"score_{side}": better, f"score_{side.other}": worse}
    one = PairwiseJudgment(order, Verdict(str(side)), **scores)
    (form,) = (each for each in FORMATS if each.name == "judgelm")
    (made,) = form.rows(JudgedPair(judged.pair, (one,)), Setting(CATALOGUE))
    assert isinstance(made, Made)
    assert made.row["score"] == ([better, worse] if order.first is side else [worse, better])
    assert made.row["answer1_body"] == judged.pair.response(order.first)
    assert made.row["answer1_id"] == f"{judged.pair.id}/{order.first}"
    read = form.read(made.row)
    assert isinstance(read, PairwiseJudgment)
    assert [read.score_a, read.score_b] == made.row["score"]


@given(judged_pairs(with_failures=False), settings)
def test_prompts_hold_the_pair_as_it_is(judged: JudgedPair, setting: Setting) -> None:
    for name, column in (("auto-j", "usermsg"), ("pandalm-trainer", "input_sequence"), ("chat", "messages")):
        (form,) = (each for each in FORMATS if each.name == name)
        for one in form.rows(judged, setting):
            if isinstance(one, LeftOut):
                assert one.reason != HOLDS_MARKS
                continue
            value = one.row[column]
            text = value if isinstance(value, str) else value[0]["content"]
            for part in (prompt_text(judged.pair.prompt), judged.pair.response_a, judged.pair.response_b):
                assert part.strip() in text
