"""One recorded judgment: what the file says, what its reply says, and what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Failure, Order, PairwiseJudgment, PointwiseJudgment, Side, Verdict, scale_named
from synth.parsing.formats import reply_format
from synth.run.recorded.judgment import RecordError, recorded

COMPARED = {"teacher": "t", "protocol": "pairwise", "order": "ba"}
GRADED = {"teacher": "t", "protocol": "pointwise", "response": "b"}
MT_BENCH = reply_format("mt-bench", scale_named("1-10"))
JUDGELM = reply_format("judgelm", scale_named("1-10"))
FLOW_JUDGE = reply_format("flow-judge", scale_named("1-10"))


def test_what_the_file_says_is_taken_by_identity() -> None:
    one = recorded({**COMPARED, "verdict": "b", "score_a": 3, "score_b": 8, "critique": "b is right"}, None)
    assert one.outcome == PairwiseJudgment(Order.BA, Verdict.B, 3, 8, comparison="b is right")
    two = recorded({**GRADED, "score": 7.5, "critique": "right"}, None)
    assert two.outcome == PointwiseJudgment(Side.B, 7.5, "right")


def test_a_reply_speaks_of_slots_and_is_kept() -> None:
    one = recorded({**COMPARED, "reply": "The first has the year. [[A]]"}, MT_BENCH)
    assert one.outcome == PairwiseJudgment(Order.BA, Verdict.B, comparison="The first has the year.")
    assert one.reply == "The first has the year. [[A]]"


def test_a_reply_counts_and_a_verdict_beside_it_must_be_the_same() -> None:
    same = recorded({**COMPARED, "verdict": "b", "reply": "[[A]]"}, MT_BENCH)
    other = recorded({**COMPARED, "verdict": "a", "reply": "[[A]]"}, MT_BENCH)
    assert isinstance(same.outcome, PairwiseJudgment)
    assert isinstance(other.outcome, Failure)
    assert (other.outcome.reason, other.outcome.detail) == ("unreadable", "the reply says b, the file a")


def test_scores_beside_a_reply_must_be_the_same_or_are_taken_over() -> None:
    taken = recorded({**COMPARED, "verdict": "b", "score_a": 2, "score_b": 4, "reply": "[[A]]"}, MT_BENCH)
    other = recorded({**COMPARED, "verdict": "b", "score_a": 2, "score_b": 4, "reply": "9 2"}, JUDGELM)
    grade = recorded({**GRADED, "score": 5, "reply": "[[6]]"}, MT_BENCH)
    assert taken.outcome == PairwiseJudgment(Order.BA, Verdict.B, 2, 4)
    assert isinstance(other.outcome, Failure)
    assert isinstance(grade.outcome, Failure)
    assert grade.outcome.detail == "the reply says 6, the file 5"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({**COMPARED, "reply": "Both."}, "unreadable"),
        ({**COMPARED, "reply": "Both.", "verdict": "a"}, "unreadable"),
        ({**COMPARED, "reply": " "}, "empty"),
        ({**COMPARED, "verdict": None}, "unreadable"),
        ({**COMPARED}, "unreadable"),
        ({**GRADED, "score": None}, "unreadable"),
    ],
)
def test_what_names_no_winner_is_a_failure_with_its_reply(found: dict[str, Any], reason: str) -> None:
    one = recorded(found, MT_BENCH)
    assert isinstance(one.outcome, Failure)
    assert one.outcome.reason == reason
    assert one.reply == one.outcome.raw == found.get("reply", "")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("a", "a judgment is an object, found 'a'"),
        ({}, "protocol: found None; one of pairwise, pointwise"),
        ({**COMPARED, "protocol": "pair"}, "protocol: found 'pair'"),
        ({**COMPARED, "order": "AB", "verdict": "a"}, "order: found 'AB'; one of ab, ba"),
        ({**COMPARED, "verdict": "A"}, "verdict: found 'A'; one of a, b, tie"),
        ({**COMPARED, "verdict": ["a"]}, "verdict: found ['a']"),
        ({**COMPARED, "verdict": "a", "score": 3}, "unknown key 'score' of a pairwise judgment"),
        ({**COMPARED, "verdit": "a"}, "did you mean 'verdict'?"),
        ({**COMPARED, "verdict": "a", "score_a": 3}, "score_a and score_b go together"),
        ({**COMPARED, "teacher": "", "verdict": "a"}, "teacher is missing"),
        ({**COMPARED, "teacher": 7, "verdict": "a"}, "teacher must be text, found 7"),
        ({**COMPARED, "reply": "[[A]]"}, "--reply-format says how to read it"),
        ({**GRADED, "order": "ab"}, "unknown key 'order' of a pointwise judgment"),
        ({**GRADED, "response": "c", "score": 3}, "response: found 'c'; one of a, b"),
        ({**GRADED, "score": "7"}, "score must be a number, found '7'"),
        ({**GRADED, "score": True}, "score must be a number"),
        ({**GRADED, "score": float("nan")}, "score must be a number"),
        ({**GRADED, "score": 10**400}, "score must be a number"),
    ],
)
def test_what_is_no_judgment_is_refused(found: Any, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        recorded(found, None)
    assert said in str(caught.value)


def test_a_format_refuses_the_protocol_that_its_judge_does_not_know() -> None:
    with pytest.raises(RecordError, match="judgelm has no grades of one response"):
        recorded({**GRADED, "reply": "8 7"}, JUDGELM)
    with pytest.raises(RecordError, match="flow-judge has no comparisons"):
        recorded({**COMPARED, "reply": "<score>3</score>"}, FLOW_JUDGE)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["teacher", "protocol", "order", "response", "verdict", "score", "score_a", "score_b", "critique", "reply", "zebra"]
)


@given(
    st.dictionaries(KEYS, ANY, max_size=4).map(lambda more: {**COMPARED, **more})
    | st.dictionaries(KEYS, ANY, max_size=4).map(lambda more: {**GRADED, **more})
    | ANY,
    st.sampled_from([None, MT_BENCH, JUDGELM, FLOW_JUDGE]),
)
def test_whatever_a_file_holds_is_a_judgment_or_refused_in_one_line(found: Any, form: Any) -> None:
    said = "a line"
    try:
        assert recorded(found, form).outcome is not None
    except RecordError as error:
        said = str(error)
    assert len(said.splitlines()) == 1
