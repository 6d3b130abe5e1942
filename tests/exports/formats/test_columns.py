"""The rows of each format, field by field, of one pair that was compared in both orders and graded alone."""

from typing import Any

import pytest

from synth.cli.export import NAMES
from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, PointwiseJudgment, Side, Verdict
from synth.exports import FORMATS, Setting, Student, format_named
from synth.exports.formats import HOLDS_MARKS, LeftOut, Made
from synth.exports.formats.preference import number
from synth.scenario import load
from tests.conftest import ROOT

PAIR = Pair(
    "p",
    (Message("user", "Name a colour."),),
    "Blue.",
    "A horse.",
    "others",
    reference="Red.",
    model_a="m1",
    model_b="m2",
    human_label=Verdict.A,
    source="web",
)
AB = PairwiseJudgment(Order.AB, Verdict.A, 9, 3, "Response 1 names one.", "Good.", "Response 2 is off.")
BA = PairwiseJudgment(Order.BA, Verdict.A, 8, 4, "Response 2 names one.", "Good, too.", "Off.")
GRADES = (PointwiseJudgment(Side.A, 8, "It does."), PointwiseJudgment(Side.B, 2, "It does not."))
JUDGED = JudgedPair(PAIR, (AB, BA, *GRADES))
SETTING = Setting(load(), teacher="big")
WORDS = "Response 1: Good.\n\nResponse 2 is off.\n\nResponse 1 names one."


def rows(name: str, judged: JudgedPair = JUDGED, setting: Setting = SETTING) -> list[dict[str, Any]]:
    return [one.row for one in format_named(name).rows(judged, setting) if isinstance(one, Made)]


def reasons(name: str, judged: JudgedPair, setting: Setting = SETTING) -> list[str]:
    return [one.reason for one in format_named(name).rows(judged, setting) if isinstance(one, LeftOut)]


# As the judges' own files and trainers have them.
COLUMNS = {
    "auto-j": "usermsg target_output gt_label pred_label scenario source_dataset",
    "auto-j-single": "usrmsg target_output pred_score scenario source_dataset",
    "judgelm": "question_id text score question_body answer1_body answer2_body answer1_id answer2_id answer1_model_id "
    "answer2_model_id answer1_metadata answer2_metadata reference text_w_reference score_w_reference review_id "
    "reviewer_id metadata",
    "pandalm": "inputs outputs",
    "pandalm-trainer": "input_sequence output_sequence",
    "feedback-collection": "instruction output orig_instruction orig_response orig_reference_answer orig_criteria "
    "orig_score1_description orig_score2_description orig_score3_description orig_score4_description "
    "orig_score5_description orig_feedback orig_score",
    "preference-collection": "instruction input output orig_instruction orig_response_A orig_response_B "
    "orig_reference_answer orig_criteria orig_feedback orig_feedback_A orig_feedback_B orig_score_A orig_score_B "
    "orig_preference",
    "flow-judge": "id inputs output criteria rubric feedback score",
    "chat": "messages",
    "chat-single": "messages",
    "prompt-completion": "prompt completion",
    "prompt-completion-single": "prompt completion",
    "preference": "prompt chosen rejected",
    "preference-implicit": "chosen rejected",
    "preference-text": "prompt chosen rejected",
    "preference-text-implicit": "chosen rejected",
    "rewardbench": "prompt chosen chosen_model rejected rejected_model subset id",
}


def test_every_format_has_the_columns_of_its_judge() -> None:
    assert {one.name: " ".join(one.schema.names) for one in FORMATS if one.name != "pairs"} == COLUMNS
    for form in FORMATS:
        assert all(list(row) == form.schema.names for row in rows(form.name))
        assert rows(form.name)


def test_auto_j() -> None:
    (row,) = rows("auto-j")
    assert row.pop("usermsg").startswith("Compare two responses")
    assert row == {
        "target_output": f"{WORDS}\n\nSo, the final decision is Response 1",
        "gt_label": 0,
        "pred_label": 0,
        "scenario": "others",
        "source_dataset": "web",
    }
    a, b = rows("auto-j-single")
    assert a.pop("usrmsg").startswith("Judge how well a response serves")
    assert a == {
        "target_output": "It does.\n\nRating: [[8]]",
        "pred_score": 8.0,
        "scenario": "others",
        "source_dataset": "web",
    }
    assert isinstance(a["pred_score"], float)
    assert b["target_output"] == "It does not.\n\nRating: [[2]]"


def test_auto_j_has_a_human_label_only_where_a_person_gave_one() -> None:
    unlabelled = Pair("p", PAIR.prompt, "one", "two", "others")
    (row,) = rows("auto-j", JudgedPair(unlabelled, (AB,)))
    assert (row["gt_label"], row["pred_label"]) == (None, 0)


def test_judgelm() -> None:
    (row,) = rows("judgelm")
    text = "9 3\nAssistant 1: Good.\n\nAssistant 2 is off.\n\nAssistant 1 names one."
    assert row == {
        "question_id": "p",
        "text": text,
        "score": [9.0, 3.0],
        "question_body": "Name a colour.",
        "answer1_body": "Blue.",
        "answer2_body": "A horse.",
        "answer1_id": "p/a",
        "answer2_id": "p/b",
        "answer1_model_id": "m1",
        "answer2_model_id": "m2",
        "answer1_metadata": {"decoding_method": ""},
        "answer2_metadata": {"decoding_method": ""},
        "reference": {"text": "Red."},
        "text_w_reference": text,
        "score_w_reference": [9.0, 3.0],
        "review_id": "p/ab",
        "reviewer_id": "big",
        "metadata": {"scenario": "others", "source": "web"},
    }


def test_pandalm() -> None:
    assert rows("pandalm") == [
        {
            "inputs": {"instruction": "Name a colour.", "input": "", "response1": "Blue.", "response2": "A horse."},
            "outputs": {"evaluation_result": "1", "evaluation_reason": WORDS, "reference_response": "Red."},
        }
    ]
    (row,) = rows("pandalm-trainer")
    assert row["output_sequence"] == f"1\n\n### Reason: {WORDS}\n\n### Reference: Red.\n"
    assert "Red." not in row["input_sequence"]  # the student writes it


def test_feedback_collection() -> None:
    row, _ = rows("feedback-collection")
    assert row["output"] == "Feedback: It does. [RESULT] 4"
    assert (row["orig_feedback"], row["orig_score"]) == ("It does.", 4)
    assert (row["orig_instruction"], row["orig_response"]) == ("Name a colour.", "Blue.")
    assert row["orig_reference_answer"] == "Red."
    for name, value in row.items():
        if name.startswith("orig_") and name not in ("orig_feedback", "orig_score"):
            assert value in row["instruction"], name


def test_preference_collection() -> None:
    (row,) = rows("preference-collection")
    words = "Response A: Good.\n\nResponse B is off.\n\nResponse A names one."
    assert row["output"] == f"Feedback: {words} [RESULT] A"
    assert (row["orig_feedback"], row["orig_preference"], row["input"]) == (words, "A", "")
    assert (row["orig_feedback_A"], row["orig_feedback_B"]) == ("Good.", "Response B is off.")
    assert (row["orig_score_A"], row["orig_score_B"]) == ("5", "2")
    assert "<response_a>\nBlue.\n</response_a>" in row["instruction"]


def test_flow_judge() -> None:
    row, _ = rows("flow-judge")
    assert (row["id"], row["feedback"], row["score"]) == ("p/a", "It does.", 4)
    assert row["inputs"] == [{"name": "prompt", "content": "Name a colour."}, {"name": "reference", "content": "Red."}]
    assert row["output"] == {"name": "response", "content": "Blue."}
    assert [one["score"] for one in row["rubric"]] == [1, 2, 3, 4, 5]


def test_sft_formats_are_one_text_in_two_shapes() -> None:
    for name in ("", "-single"):
        for chat, plain in zip(rows(f"chat{name}"), rows(f"prompt-completion{name}"), strict=True):
            user, assistant = chat["messages"]
            assert (user["role"], assistant["role"]) == ("user", "assistant")
            assert plain == {"prompt": f"{user['content']}\n\n", "completion": assistant["content"]}


def test_preferences() -> None:
    question = {"role": "user", "content": "Name a colour."}
    blue, horse = ({"role": "assistant", "content": text} for text in ("Blue.", "A horse."))
    assert rows("preference") == [{"prompt": [question], "chosen": [blue], "rejected": [horse]}]
    assert rows("preference-implicit") == [{"chosen": [question, blue], "rejected": [question, horse]}]
    assert rows("preference-text") == [{"prompt": "Name a colour.\n\n", "chosen": "Blue.", "rejected": "A horse."}]
    assert rows("preference-text-implicit") == [
        {"chosen": "Name a colour.\n\nBlue.", "rejected": "Name a colour.\n\nA horse."}
    ]
    assert rows("rewardbench") == [
        {
            "prompt": "Name a colour.",
            "chosen": "Blue.",
            "chosen_model": "m1",
            "rejected": "A horse.",
            "rejected_model": "m2",
            "subset": "others",
            "id": number("p"),
        }
    ]
    assert 0 <= number("p") < 2**53


def test_a_comparison_in_order_ba_alone_shows_b_first() -> None:
    (row,) = rows("auto-j", JudgedPair(PAIR, (BA,)))
    assert row["usermsg"].index("A horse.") < row["usermsg"].index("Blue.")
    assert row["target_output"].endswith("So, the final decision is Response 2")
    assert (row["gt_label"], row["pred_label"]) == (1, 1)
    (row,) = rows("judgelm", JudgedPair(PAIR, (BA,)))
    assert (row["answer1_id"], row["score"], row["answer1_model_id"]) == ("p/b", [4.0, 8.0], "m2")


def test_a_settled_verdict_is_taught_by_a_judgment_that_says_it_or_not_at_all() -> None:
    b_wins = PairwiseJudgment(Order.BA, Verdict.B, 2, 7, "b")
    assert reasons("auto-j", JudgedPair(PAIR, (AB, b_wins), settled=Verdict.TIE)) == [
        "no comparison says the settled verdict"
    ]
    (row,) = rows("auto-j", JudgedPair(PAIR, (AB, b_wins), settled=Verdict.B))
    assert row["target_output"] == "b\n\nSo, the final decision is Response 1"


def test_what_a_format_cannot_hold_is_left_out_with_its_reason() -> None:
    tie = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.TIE, 5, 5),))
    for name in ("preference-collection", "preference", "preference-text", "rewardbench"):
        assert reasons(name, tie) == ["tie"]
    assert reasons("auto-j", JudgedPair(PAIR, GRADES)) == ["not compared"]
    assert reasons("auto-j-single", JudgedPair(PAIR, (AB, BA))) == ["not graded alone"] * 2
    assert reasons("judgelm", JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A),))) == ["compared without scores"]
    equal = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A, 7, 7),))
    assert reasons("judgelm", equal) == ["scores make another verdict"]
    beyond = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A, 11, 7), PointwiseJudgment(Side.A, 0, "")))
    for name in ("judgelm", "preference-collection"):
        assert reasons(name, beyond) == ["score off the scale 1-10"]
    assert reasons("flow-judge", beyond) == ["score off the scale 1-10", "not graded alone"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("auto-j", "The final decision is Response 2, says one."),
        ("pandalm", "It has ### Reference: in it."),
        ("pandalm-trainer", "It has ### Reference: in it."),
        ("preference-collection", "It ends in [RESULT] B itself."),
        ("preference-collection", "It ends in [RESULT] A itself."),
        ("chat", "So, the final decision is Tie."),
    ],
)
def test_words_that_hold_the_marks_of_a_format_are_left_out_of_it(name: str, words: str) -> None:
    judged = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A, 9, 3, words),))
    assert reasons(name, judged) == [HOLDS_MARKS]
    assert reasons("judgelm", judged) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("auto-j-single", "It says Rating: [[5]] itself."),
        ("feedback-collection", "It says [RESULT] 2 itself."),
        ("flow-judge", "It says <score>3</score> itself. </feedback>"),
        ("chat-single", "It says Rating: [[5]] itself."),
    ],
)
def test_grades_whose_words_hold_the_marks_are_left_out(name: str, words: str) -> None:
    judged = JudgedPair(PAIR, (PointwiseJudgment(Side.A, 8, words), GRADES[1]))
    assert reasons(name, judged) == [HOLDS_MARKS]
    assert len(rows(name, judged)) == 1


def test_scores_are_converted_and_counted() -> None:
    by = {one.name: [made.converted for made in one.rows(JUDGED, SETTING) if isinstance(made, Made)] for one in FORMATS}
    assert by["feedback-collection"] == by["flow-judge"] == ["1-10 to 1-5"] * 2
    assert by["preference-collection"] == ["1-10 to 1-5"]
    assert by["auto-j-single"] == by["chat-single"] == ["", ""]
    assert by["judgelm"] == [""]
    on_five = Setting(SETTING.catalogue, "1-5", student=Student(scale="1-3"))
    judged = JudgedPair(PAIR, (PointwiseJudgment(Side.A, 4, "x"), PointwiseJudgment(Side.B, 2.5, "y")))
    assert [row["pred_score"] for row in rows("auto-j-single", judged, on_five)] == [8, 4]
    assert [row["orig_score"] for row in rows("feedback-collection", judged, on_five)] == [4, 3]
    assert [row["score"] for row in rows("flow-judge", judged, on_five)] == [3, 2]
    noted = [one.converted for one in format_named("feedback-collection").rows(judged, on_five)]  # type: ignore[union-attr]
    assert noted == ["", "rounded to whole points"]


def test_the_command_and_the_readme_name_every_format() -> None:
    names = [one.name for one in FORMATS]
    assert NAMES.split(", ") == names
    readme = (ROOT / "README.md").read_text()
    assert [name for name in names if f"`{name}`" not in readme] == []
