import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synth.domain import (
    SCALES,
    CriterionGrade,
    Order,
    PairwiseJudgment,
    ParseFailure,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
    scale_named,
)
from synth.parsing.json_reply import parse_pairwise, parse_pointwise
from synth.parsing.schema import schema
from tests.strategies import orders, sides, swapped_judgment, verdicts

PAIRWISE = schema(Protocol.PAIRWISE, scale_named("1-10"), with_reference=False)
SOLVING = schema(Protocol.PAIRWISE, scale_named("1-10"), with_reference=True)
POINTWISE = schema(Protocol.POINTWISE, scale_named("1-10"), {"hot": False, "sweet": True}, with_reference=False)
WHOLE = schema(Protocol.POINTWISE, scale_named("1-10"), with_reference=False)

COMPARED: dict[str, Any] = {
    "comparison": "Only one is tea.",
    "critique_1": "It is tea.",
    "critique_2": "It is coffee.",
    "score_1": 9,
    "score_2": 3,
    "verdict": "1",
}
GRADED: dict[str, Any] = {
    "criteria": {"hot": {"comment": "It steams.", "score": 9}, "sweet": {"comment": "", "score": 2}},
    "critique": "Good tea.",
    "score": 8,
}
FIRST = PairwiseJudgment(Order.AB, Verdict.A, 9, 3, "Only one is tea.", "It is tea.", "It is coffee.")
GRADE = PointwiseJudgment(
    Side.A, 8, "Good tea.", (CriterionGrade("hot", 9, "It steams."), CriterionGrade("sweet", 2, ""))
)


def said(**changes: Any) -> str:
    """The comparison as JSON, with changes; a field that becomes ... is left out."""
    return json.dumps({name: value for name, value in (COMPARED | changes).items() if value is not ...})


def grading(**changes: Any) -> str:
    return json.dumps({name: value for name, value in (GRADED | changes).items() if value is not ...})


READ = {
    "bare": said(),
    "indented": json.dumps(COMPARED, indent=2),
    "in another order": json.dumps(dict(reversed(COMPARED.items()))),
    "fenced": f"```json\n{said()}\n```",
    "with prose around": f"Sure! Here it is:\n{said()}\nLet me know {{if}} you need more.",
    "after thinking": f"<think>Perhaps {said(verdict='2')}?</think>\n{said()}",
    "after thinking of nothing": f"\n<think></think>{said()}",
    "twice the same": f"{said()}\nTo repeat: {json.dumps(COMPARED, indent=1)}",
    "after another object": '{"note": 1} ' + said(),
    "before another object": said() + " {}",
    "after a broken object": '{"comparison": "x", ' + said(),
    "in a list": f"[{said()}]",
    "scores as text": said(score_1="9", score_2=" 3 "),
    "scores with a zero fraction": said(score_1=9.0),
    "verdict as a number": said(verdict=1),
    "verdict with blanks": said(verdict=" 1\n"),
    "spread over lines": said().replace(": ", ":\n "),
}


@pytest.mark.parametrize("reply", READ.values(), ids=READ)
def test_a_comparison_is_read_by_identity(reply: str) -> None:
    assert parse_pairwise(reply, Order.AB, PAIRWISE) == FIRST
    assert parse_pairwise(reply, Order.BA, PAIRWISE) == swapped_judgment(FIRST)


@pytest.mark.parametrize(
    ("written", "ab", "ba"),
    [
        ("1", "a", "b"),
        ("2", "b", "a"),
        ("tie", "tie", "tie"),
        ("TIE", "tie", "tie"),
        ("Tie ", "tie", "tie"),
        (2, "b", "a"),
    ],
)
def test_a_verdict_names_a_slot_and_is_read_as_a_response(written: Any, ab: str, ba: str) -> None:
    for order, expected in ((Order.AB, ab), (Order.BA, ba)):
        read = parse_pairwise(said(verdict=written), order, PAIRWISE)
        assert isinstance(read, PairwiseJudgment)
        assert read.verdict is Verdict(expected)


def test_a_raw_line_break_inside_text_is_part_of_it() -> None:
    read = parse_pairwise(said().replace("Only one", "Only\none"), Order.AB, PAIRWISE)
    assert isinstance(read, PairwiseJudgment)
    assert read.comparison == "Only\none is tea."


def test_a_reference_is_read_where_it_was_asked_for() -> None:
    read = parse_pairwise(said(reference="Leaves."), Order.AB, SOLVING)
    assert isinstance(read, PairwiseJudgment)
    assert read.reference == "Leaves."
    assert isinstance(parse_pairwise(said(), Order.AB, SOLVING), ParseFailure)
    assert isinstance(parse_pairwise(said(reference="Leaves."), Order.AB, PAIRWISE), ParseFailure)


NOT_READ: dict[str, tuple[str, str]] = {
    "nothing": ("", "the reply is empty"),
    "blanks": (" \n\t", "the reply is empty"),
    "prose": ("Response 1 is better.", "no JSON object in the reply"),
    "a list": ("[1, 2]", "no JSON object in the reply"),
    "only braces": ("{{{{", "no JSON object in the reply"),
    "truncated": (said()[:-20], "no JSON object in the reply"),
    "truncated in the first word": ('{"comp', "no JSON object in the reply"),
    "single quotes": (str(COMPARED), "no JSON object in the reply"),
    "two different judgments": (f"{said()} {said(verdict='2')}", "2 different answers in one reply"),
    "three different judgments": (f"{said()} {said(score_1=8)} {said(score_1=7)}", "3 different answers"),
    "thinking without end": (f"<think>Perhaps {said()}", "the reply ends before its thinking does"),
    "nothing after thinking": (f"<think>{said()}</think>", "no JSON object in the reply"),
    "a field missing": (said(critique_2=...), "'critique_2' is a required property"),
    "the verdict missing": (said(verdict=...), "'verdict' is a required property"),
    "a field too many": (said(winner="1"), "'winner' was unexpected"),
    "one level too deep": (f'{{"judgment": {said()}}}', "'judgment' was unexpected"),
    "verdict in words": (said(verdict="Response 1"), "verdict: "),
    "verdict for a third": (said(verdict="3"), "verdict: "),
    "verdict for both": (said(verdict=["1", "2"]), "verdict: "),
    "verdict true": (said(verdict=True), "verdict: "),
    "verdict 1.0": (said(verdict=1.0), "verdict: "),
    "no verdict": (said(verdict=None), "verdict: "),
    "score above the scale": (said(score_1=11), "score_1: 11 is greater than the maximum of 10"),
    "score below the scale": (said(score_2=0), "score_2: 0 is less than the minimum of 1"),
    "score as text above the scale": (said(score_1="11"), "score_1: 11 is greater"),
    "half a point": (said(score_1=7.5), "score_1: 7.5 is not of type 'integer'"),
    "half a point as text": (said(score_1="7.5"), "score_1: '7.5' is not of type 'integer'"),
    "score of ten": (said(score_1="9/10"), "score_1: "),
    "score in other digits": (said(score_1="\u0669"), "score_1: "),
    "score true": (said(score_1=True), "score_1: "),
    "no score": (said(score_1=None), "score_1: "),
    "score without bound": (said().replace("9", "1e999"), "score_1: inf"),
    "huge score": (said().replace("9", "9" * 4000), "score_1: 999"),
    "endless score": (said().replace("9", "9" * 5000), "no JSON object in the reply"),
    "NaN": (said().replace("9", "NaN"), "no JSON object in the reply"),
    "Infinity": (said().replace("9", "-Infinity"), "no JSON object in the reply"),
    "empty text": (said(comparison=""), "comparison: '' should be non-empty"),
    "number for text": (said(critique_1=5), "critique_1: 5 is not of type 'string'"),
    "a key twice": (said()[:-1] + ', "verdict": "1"}', "no JSON object in the reply"),
    "a key twice with another value": (said()[:-1] + ', "verdict": "2"}', "no JSON object in the reply"),
    "a key twice, escaped": (said()[:-1] + ', "verdi\\u0063t": "2"}', "no JSON object in the reply"),
    "deep nesting": ('{"comparison": ' * 100_000, "the JSON is nested too deeply"),
    "deep lists": ('{"comparison": ' + "[" * 100_000, "the JSON is nested too deeply"),
}


@pytest.mark.parametrize(("reply", "reason"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_no_one_judgment_is_a_failure_with_its_reason(reply: str, reason: str) -> None:
    for order in Order:
        failure = parse_pairwise(reply, order, PAIRWISE)
        assert isinstance(failure, ParseFailure)
        assert reason in failure.reason
        assert failure.raw == reply


def test_no_depth_is_too_much_for_the_parser() -> None:
    for depth in range(900, 1000):  # around what the interpreter allows
        nested = "[" * depth + "]" * depth
        for reply in (f'{{"comparison": {nested}}}', f'{said(verdict=...)[:-1]}, "verdict": {nested}}}'):
            assert isinstance(parse_pairwise(reply, Order.AB, PAIRWISE), ParseFailure)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_scores_are_held_to_the_scale_that_was_asked_for(scale: Any) -> None:
    asked = schema(Protocol.PAIRWISE, scale, with_reference=False)
    for score in range(-1, 12):
        read = parse_pairwise(said(score_1=score, score_2=scale.low), Order.BA, asked)
        if scale.holds(score):
            assert isinstance(read, PairwiseJudgment)
            assert (read.score_a, read.score_b) == (scale.low, score)
        else:
            assert isinstance(read, ParseFailure)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(grading(), id="bare"),
        pytest.param(
            grading(
                criteria=[
                    {"criterion": "hot", "comment": "It steams.", "score": 9},
                    {"criterion": "sweet", "comment": "", "score": "2"},
                ]
            ),
            id="criteria as a list",
        ),
        pytest.param(
            grading(
                score="8",
                criteria={"hot": {"comment": "It steams.", "score": "9"}, "sweet": {"comment": "", "score": 2}},
            ),
            id="scores as text",
        ),
    ],
)
def test_a_grade_is_that_of_the_response_that_was_shown(reply: str) -> None:
    assert parse_pointwise(reply, Side.A, POINTWISE) == GRADE
    assert parse_pointwise(reply, Side.B, POINTWISE) == swapped_judgment(GRADE)


def test_a_criterion_that_does_not_apply_has_no_grade() -> None:
    read = parse_pointwise(grading(criteria=GRADED["criteria"] | {"sweet": None}), Side.A, POINTWISE)
    assert isinstance(read, PointwiseJudgment)
    assert [one.criterion for one in read.criteria] == ["hot"]


def test_the_whole_can_be_graded_without_criteria() -> None:
    assert parse_pointwise(grading(criteria=...), Side.B, WHOLE) == PointwiseJudgment(Side.B, 8, "Good tea.")
    assert isinstance(parse_pointwise(grading(), Side.B, WHOLE), ParseFailure)


HOT = {"comment": "It steams.", "score": 9}
BAD_CRITERIA: dict[str, tuple[Any, str]] = {
    "missing": (..., "'criteria' is a required property"),
    "one left out": ({"hot": HOT}, "criteria: 'sweet' is a required property"),
    "one too many": ({"hot": HOT, "sweet": HOT, "wet": HOT}, "criteria: "),
    "null where it always counts": ({"hot": None, "sweet": HOT}, "criteria.hot: None"),
    "a number for a grade": ({"hot": 9, "sweet": HOT}, "criteria.hot: 9"),
    "no score": ({"hot": {"comment": "It steams."}, "sweet": HOT}, "criteria.hot: 'score' is a required property"),
    "no comment": ({"hot": {"score": 9}, "sweet": HOT}, "criteria.hot: 'comment' is a required property"),
    "a score beyond the scale": ({"hot": HOT | {"score": 11}, "sweet": HOT}, "criteria.hot.score: 11"),
    "as a list, one twice": ([{"criterion": "hot", **HOT}] * 2, "criteria: "),
    "as a list, one left out": ([{"criterion": "hot", **HOT}], "criteria: 'sweet' is a required property"),
    "as a list without names": ([HOT, HOT], "criteria: "),
    "as a list of lists": ([["hot", 9]], "criteria: "),
    "as text": ("hot: 9", "criteria: "),
}


@pytest.mark.parametrize(("criteria", "reason"), BAD_CRITERIA.values(), ids=BAD_CRITERIA)
def test_grades_that_are_not_those_of_the_criteria_are_a_failure(criteria: Any, reason: str) -> None:
    failure = parse_pointwise(grading(criteria=criteria), Side.A, POINTWISE)
    assert isinstance(failure, ParseFailure)
    assert failure.reason.startswith(reason)


def test_half_a_character_in_a_reply_does_not_reach_the_tables() -> None:
    read = parse_pairwise(said(comparison="tea \ud83c, \ud83c\udf75"), Order.AB, PAIRWISE)
    assert isinstance(read, PairwiseJudgment)
    assert read.comparison == "tea \ufffd, \U0001f375"


half_too = st.text(st.characters(), max_size=10)  # half characters included
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | half_too,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(half_too | st.sampled_from(sorted(GRADED)), inner),
    max_leaves=6,
)
mangled = st.dictionaries(st.sampled_from(sorted(COMPARED | GRADED)), anything).flatmap(
    lambda changes: st.sampled_from([COMPARED | changes, GRADED | changes, changes])
)
pieces = st.sampled_from(
    [said(), said(verdict="2"), grading(), "{", "}", "<think>", "</think>", "```", '"', "\n", "[", "\\"]
)
replies = st.one_of(
    half_too,
    (anything | mangled).map(json.dumps),
    st.lists(pieces, max_size=5).map("".join),
    st.tuples(st.sampled_from([said(), grading()]), st.integers(0, 150)).map(lambda cut: cut[0][: cut[1]]),
)


@given(replies, orders)
@example('{"comparison": ' + "[" * 990, Order.AB)
def test_every_reply_is_read_or_refused(reply: str, order: Order) -> None:
    for read in (parse_pairwise(reply, order, PAIRWISE), parse_pairwise(reply, order, SOLVING)):
        if isinstance(read, ParseFailure):
            assert read.reason
            assert read.raw == reply
        else:
            assert read.order is order
            assert {read.score_a, read.score_b} <= set(range(1, 11))
            (read.comparison + read.critique_a + read.critique_b + read.reference).encode()


@given(replies, sides)
def test_every_grade_is_read_or_refused(reply: str, side: Side) -> None:
    read = parse_pointwise(reply, side, POINTWISE)
    if isinstance(read, ParseFailure):
        assert read.reason
        assert read.raw == reply
    else:
        assert read.response is side
        assert read.score in range(1, 11)
        assert {one.criterion for one in read.criteria} <= {"hot", "sweet"}


@given(replies)
def test_the_other_order_gives_the_renamed_judgment(reply: str) -> None:
    ab, ba = parse_pairwise(reply, Order.AB, PAIRWISE), parse_pairwise(reply, Order.BA, PAIRWISE)
    if isinstance(ab, PairwiseJudgment):
        assert ba == swapped_judgment(ab)
    else:
        assert ba == ab


lines = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
numbers = st.integers(1, 10)


@given(
    orders,
    verdicts,
    numbers,
    numbers,
    lines,
    lines,
    lines,
    lines,
    st.sampled_from(["{}", "```json\n{}\n```", "So: {}."]),
)
def test_a_comparison_that_is_written_down_is_read_back(
    order: Order, verdict: Verdict, a: int, b: int, comparison: str, of_a: str, of_b: str, reference: str, around: str
) -> None:
    slots = {order.first: 1, order.second: 2}
    reply = json.dumps(
        {
            "reference": reference,
            "comparison": comparison,
            f"critique_{slots[Side.A]}": of_a,
            f"critique_{slots[Side.B]}": of_b,
            f"score_{slots[Side.A]}": a,
            f"score_{slots[Side.B]}": b,
            "verdict": "tie" if verdict is Verdict.TIE else str(slots[Side(verdict.value)]),
        }
    )
    read = parse_pairwise(around.replace("{}", reply), order, SOLVING)
    assert read == PairwiseJudgment(order, verdict, a, b, comparison, of_a, of_b, reference)


@given(sides, numbers, lines, st.lists(numbers, min_size=2, max_size=2), st.booleans())
def test_a_grade_that_is_written_down_is_read_back(
    side: Side, score: int, critique: str, parts: list[int], as_list: bool
) -> None:
    grades = tuple(CriterionGrade(name, part, critique) for name, part in zip(("hot", "sweet"), parts, strict=True))
    criteria: Any = {one.criterion: {"comment": one.comment, "score": one.score} for one in grades}
    if as_list:
        criteria = [{"criterion": name, **grade} for name, grade in criteria.items()]
    reply = json.dumps({"criteria": criteria, "critique": critique, "score": score})
    assert parse_pointwise(reply, side, POINTWISE) == PointwiseJudgment(side, score, critique, grades)
