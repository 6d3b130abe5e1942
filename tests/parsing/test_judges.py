"""Replies of other judges. Each comparison is read in both orders: a slot is a response, and never the name of one."""

import pytest

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side, Verdict
from synth.parsing.formats import REPLY_FORMATS

FORMATS = {one.name: one for one in REPLY_FORMATS}
FIRST, SECOND, TIE = "first", "second", "tie"
NONE, TWO, EMPTY = "names no winner", "more than one winner", "empty"

COMPARISONS: list[tuple[str, str, str]] = [
    ("auto-j", "1. It is short.\n\nSo, the final decision is Response 1.", FIRST),
    ("auto-j", "Both fail.\nso, the final decision is Response 2", SECOND),
    ("auto-j", "Both are fine. So, the final decision is Tie.", TIE),
    ("auto-j", "So, the final decision is **Response 2**.", SECOND),
    ("auto-j", "The final decision is Response 1. To repeat: the final decision is Response 1.", FIRST),
    ("auto-j", "The final decision is Response 1. No, the final decision is Response 2.", TWO),
    ("auto-j", 'End with "So, the final decision is Response 1 / Response 2 / Tie".', NONE),
    ("auto-j", "The final decision is Response 1 or Response 2.", NONE),
    ("auto-j", "The final decision is Response 12.", NONE),
    ("auto-j", "Response 1 is better.", NONE),
    ("auto-j", "So, the final decision is", NONE),
    ("auto-j", " ", EMPTY),
    ("mt-bench", "Assistant A names the year. [[A]]", FIRST),
    ("mt-bench", "[[B]]", SECOND),
    ("mt-bench", "My final verdict is: [[C]]", TIE),
    ("mt-bench", "[[A]] if assistant A is better, [[B]] if assistant B is better. [[B]]", TWO),
    ("mt-bench", "[A] is better", NONE),
    ("mt-bench", "[[a]]", NONE),
    ("mt-bench", "[[A, B]]", NONE),
    ("mt-bench", "", EMPTY),
    ("arena-hard", "My own answer: 4.\nMy final verdict is: [[A>>B]]", FIRST),
    ("arena-hard", "[[A>B]]", FIRST),
    ("arena-hard", "Tie, relatively the same: [[A=B]]", TIE),
    ("arena-hard", "[[B>A]]", SECOND),
    ("arena-hard", "[[B>>A]]", SECOND),
    ("arena-hard", "[[A<<B]]", SECOND),
    ("arena-hard", "[[B<A]]", FIRST),
    ("arena-hard", "It is [[A>B]], perhaps even [[A>>B]].", FIRST),
    ("arena-hard", "First I thought [[A>B]], but [[B>A]].", TWO),
    ("arena-hard", "Nearly a tie [[A=B]], but [[A>B]].", TWO),
    ("arena-hard", "Final verdict: [B>A]", SECOND),
    ("arena-hard", "[[A>A]]", NONE),
    ("arena-hard", "A>B", NONE),
    ("judgelm", "8 7\nThe first one is shorter.", FIRST),
    ("judgelm", "\n3.5, 9\nThe second one is right.", SECOND),
    ("judgelm", "6 6", TIE),
    ("judgelm", "8 7 6\nThree of them.", "not two scores"),
    ("judgelm", "Assistant 1: 8 Assistant 2: 7", "not two scores"),
    ("judgelm", "The first one.\n8 7", "not two scores"),
    ("judgelm", "nan 7", "not two scores"),
    ("judgelm", "8", "not two scores"),
    ("judgelm", "\n", EMPTY),
    ("pandalm", "1\n\n### Reason: Brief.\n\n### Reference: Four.\n", FIRST),
    ("pandalm", "2", SECOND),
    ("pandalm", "Tie\n\n### Reason: Both are wrong.", TIE),
    ("pandalm", "Response 1\n\n### Reason: Brief.", NONE),
    ("pandalm", "1 or 2\n\n### Reason: Both.", NONE),
    ("pandalm", "3", NONE),
    ("pandalm", "", EMPTY),
    ("prometheus", "Feedback: A has the year, B has not. [RESULT] A", FIRST),
    ("prometheus", "Feedback: The year is missing.\n[Result] Response B", SECOND),
    ("prometheus", "It is B.\nResult: B", SECOND),
    ("prometheus", "Feedback: Fine. [RESULT: A]", FIRST),
    ("prometheus", "Feedback: ... [RESULT] A or B", NONE),
    ("prometheus", "Feedback: ... [RESULT] A. Or rather [RESULT] B", TWO),
    ("prometheus", "Feedback: ... [RESULT] Tie", NONE),
    ("prometheus", "Feedback: ... [RESULT] Both", NONE),
    ("prometheus", "Result: a draw", NONE),
    ("prometheus", "Response A is better.", NONE),
    ("llmbar", "Output (a)", FIRST),
    (
        "json",
        '{"comparison": "c", "critique_1": "x", "critique_2": "y", "score_1": 3, "score_2": 8, "verdict": "2"}',
        SECOND,
    ),
    ("json", '{"verdict": "2"}', "required"),
    ("json", "Response 2 is better.", "no JSON"),
]

SCORES: list[tuple[str, str, float | str]] = [
    ("auto-j", "It is brief.\nRating: [[7]]", 7),
    ("auto-j", "Rating: [[ 6.5 ]]", 6.5),
    ("auto-j", "Rating: [[6]] ... Rating: [[7]]", "more than one score"),
    ("auto-j", "Rating: 7", "no score"),
    ("auto-j", "Rating: [[x]]", "no score"),
    ("mt-bench", 'It is brief. Rating: "[[5]]"', 5),
    ("mt-bench", "As [1] says, it is brief. [[8]]", 8),
    ("mt-bench", "Rating: [8]", 8),
    ("mt-bench", "As [1] says, it is brief.", "no score"),
    ("mt-bench", "[[5]] or [[6]]", "more than one score"),
    ("prometheus", "Feedback: It has the year. [RESULT] 4", 4),
    ("prometheus", "Feedback: It would be a score of 5 with the year. [RESULT] 4", 4),
    ("prometheus", "Feedback: Brief. [RESULT] (3)", 3),
    ("prometheus", "So the overall score is. Score: 4/5", 4),
    ("prometheus", "Hence a score of 2 out of 5.", 2),
    ("prometheus", "[RESULT] 4 [RESULT] 5", "more than one score"),
    ("prometheus", "[RESULT] 4.5", "no score"),
    ("prometheus", "[RESULT] 6", "no score"),
    ("prometheus", "[RESULT] 45", "no score"),
    ("prometheus", "[RESULT] 8/10", "no score"),
    ("prometheus", "[RESULT] 1 or 2", "no score"),
    ("prometheus", "[RESULT] (an integer number between 1 and 5)", "no score"),
    ("flow-judge", "<feedback>\nIt has the year.\n</feedback>\n<score>\n3\n</score>", 3),
    ("flow-judge", "<feedback>No.</feedback><score>0</score>", 0),
    ("flow-judge", "<score>3</score>", "0 <feedback> parts"),
    ("flow-judge", "<feedback>No.</feedback>", "no score"),
    ("flow-judge", "<feedback>No.</feedback><score>3</score><score>4</score>", "more than one score"),
    ("flow-judge", "<feedback>No.</feedback><score>-1</score>", "no score"),
    ("flow-judge", "", "empty"),
    ("json", '{"criteria": {"tone": {"comment": "c", "score": 3}, "form": null}, "critique": "c", "score": 4}', 4),
    ("json", '{"critique": "c", "score": 11}', "score"),
]


@pytest.mark.parametrize(("name", "reply", "expected"), COMPARISONS)
@pytest.mark.parametrize("order", Order)
def test_a_comparison_says_who_won_or_why_it_cannot_be_read(name: str, reply: str, expected: str, order: Order) -> None:
    parse = FORMATS[name].pairwise
    assert parse
    read = parse(reply, order)
    if expected in (FIRST, SECOND, TIE):
        winner = {FIRST: Verdict(order.first), SECOND: Verdict(order.second), TIE: Verdict.TIE}[expected]
        assert isinstance(read, PairwiseJudgment), read
        assert read.verdict is winner
    else:
        assert isinstance(read, ParseFailure), read
        assert expected in read.reason


@pytest.mark.parametrize(("name", "reply", "expected"), SCORES)
def test_a_grade_is_one_score_or_why_it_cannot_be_read(name: str, reply: str, expected: float | str) -> None:
    parse = FORMATS[name].pointwise
    assert parse
    read = parse(reply, Side.B)
    if isinstance(expected, str):
        assert isinstance(read, ParseFailure), read
        assert expected in read.reason
    else:
        assert isinstance(read, PointwiseJudgment), read
        assert (read.response, read.score) == (Side.B, expected)


@pytest.mark.parametrize(
    ("name", "reply", "comparison"),
    [
        ("auto-j", "It is short.\n\nSo, the final decision is Response 1.", "It is short."),
        ("mt-bench", "It is short. [[A]]", "It is short."),
        ("mt-bench", "[[A]]", ""),
        ("judgelm", "8 7\nIt is short.", "It is short."),
        ("pandalm", "1\n\n### Reason: It is short.\n\n### Reference: Four.\n", "It is short."),
        ("prometheus", "Feedback: It is short. [RESULT] A", "It is short."),
    ],
)
def test_the_words_are_kept_without_the_marks_around_them(name: str, reply: str, comparison: str) -> None:
    parse = FORMATS[name].pairwise
    assert parse
    read = parse(reply, Order.AB)
    assert isinstance(read, PairwiseJudgment)
    assert read.comparison == comparison


def test_judgelms_scores_and_pandalms_reference_are_kept_by_identity() -> None:
    parse, parse_other = FORMATS["judgelm"].pairwise, FORMATS["pandalm"].pairwise
    assert parse
    assert parse_other
    read, other = parse("8 7", Order.BA), parse_other("1\n\n### Reason: r\n\n### Reference: Four.\n", Order.AB)
    assert isinstance(read, PairwiseJudgment)
    assert isinstance(other, PairwiseJudgment)
    assert (read.score_a, read.score_b) == (7, 8)
    assert other.reference == "Four."
