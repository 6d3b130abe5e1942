import pytest

from filters.leaky import Leaky
from synth.domain import Judgment, Side
from tests.filters.judged import AB, A, asked, compared, graded, judged


def found(one: Judgment, by: Leaky | None = None, **pair: str) -> str | None:
    drop = (by or Leaky())(asked(judged(one), **pair))
    return drop and drop.reason


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("It meets all criteria.", "names the criteria"),
        ("By the evaluation criteria it is weak.", "names the criteria"),
        ("The rubric gives it a 3.", "names the criteria"),
        ("It differs from the reference answer.", "names the reference"),
        ("Compared with my own answer, it is wrong.", "names the reference"),
        ("It sounds like GPT-4.", "names a model"),
        ("As an AI language model, I find it fine.", "names a model"),
    ],
)
def test_a_critique_must_not_speak_of_what_its_reader_cannot_see(says: str, reason: str) -> None:
    assert found(graded(Side.A, 5, says)) == reason
    assert found(compared(AB, A, says=says)) == reason


@pytest.mark.parametrize(
    "says", ["It has no references.", "A good answer to the question.", "It is a model of clarity."]
)
def test_common_words_are_no_leak(says: str) -> None:
    assert found(graded(Side.A, 5, says)) is None


def test_what_stands_in_the_pair_may_be_named() -> None:
    assert found(graded(Side.A, 5, "It explains ChatGPT well."), prompt="What is ChatGPT?") is None
    assert found(graded(Side.A, 5, "The criteria are listed."), a="Here are the criteria: ...") is None
    assert found(graded(Side.A, 5, "It keeps to the rubric."), reference="the rubric") is None


@pytest.mark.parametrize(
    "one",
    [
        compared(AB, A, says="Response 3 is the best."),
        compared(AB, A, says="Response 1 is good.", of_a="Assistant B is not."),
        graded(Side.A, 5, "Response 1 is good."),
        graded(Side.A, 5, "It is better than the other response."),
    ],
)
def test_a_slot_that_was_not_shown_is_a_wrong_name(one: Judgment) -> None:
    assert found(one) == "wrong slot name"


@pytest.mark.parametrize(
    "one",
    [
        compared(AB, A, says="Response 1 is better than the second response."),
        compared(AB, A, says="Output (a) is better than Output (b)."),
        graded(Side.A, 5, "The response is good, and its first answer is right."),
    ],
)
def test_the_names_that_were_shown_are_right_ones(one: Judgment) -> None:
    assert found(one) is None


def test_what_the_student_is_shown_may_be_named() -> None:
    assert found(graded(Side.A, 5, "It meets all criteria."), Leaky(criteria=True)) is None
    assert found(graded(Side.A, 5, "Unlike the reference answer, it is long."), Leaky(reference=True)) is None
