"""Which words are a solution's final answer, and which two answers are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.parsing.final_answer import final_answer, normalised


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Twelve and thirty.\n\nFinal answer: 42", "42"),
        ("**Final answer:** $1,234.50", "2469/2"),
        ("**Final Answer: B**", "B"),
        ("### Final answer\n\n3/4\n", "3/4"),
        ("Final answer:\n12", "12"),
        ("Answer: 3\nNo, I miscounted.\nAnswer: 4", "4"),
        ("Thus \\\\boxed{\\\\frac{1}{2}} is the result.".replace("\\\\", "\\"), "1/2"),
        ("So \\boxed{7}, and not \\boxed{8", "7"),
        ("So \\boxed{f(x) = {7}}, once more \\boxed{}.", "f(x) = {7}"),
        ("She has 72 clips.\n#### 72", "72"),
        ("It follows from the second line.\nSo the answer is $x = 5$.", "5"),
        ("Canberra.", "canberra"),
        ("(C)", "C"),
        ("Final answer: B) 12 km", "B"),
        ("Final answer: The Nile", "nile"),
        ("Final answer: -0.50", "-1/2"),
        ("Final answer: \u22123", "-3"),
        ("Final answer: 50\\%", "50%"),
        ("Final answer: \\text{Paris}", "paris"),
        ("Final answer: 1e3", "1000"),
    ],
)
def test_a_final_answer_is_read_where_the_text_says_that_it_is_one(text: str, answer: str) -> None:
    assert final_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "There were 12 apples, and she ate 5 of them on Monday, so that some of the 12 are left.",
        "It depends.\nSome say 5.",
        "Final answer: *",
        "Final answer",
        "Answer the question first: it is about 7 things that nobody has ever counted in a serious way.",
    ],
)
def test_nothing_is_guessed_from_running_text(text: str) -> None:
    assert final_answer(text) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("12 km", "12"), ("50%", "0.5"), ("B", "12"), ("2x", "x + x"), ("3,5", "3.5"), ("5/0", "0"), ("a", "the a team")],
)
def test_what_may_be_two_answers_stays_two(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text(max_size=40))
def test_a_form_is_its_own_form(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.text(max_size=200), st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_what_stands_last_behind_final_answer_is_the_answer_whatever_was_said_before(before: str, answer: str) -> None:
    stated = answer.lstrip("*_")
    if normalised(stated):  # marks alone say nothing
        assert final_answer(f"{before}\nFinal answer: {answer}") in (normalised(answer), normalised(stated))


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_numbers_of_one_value_are_one_answer(top: int, bottom: int) -> None:
    assert (
        normalised(f"{top}/{bottom}")
        == normalised(f"\\frac{{{top}}}{{{bottom}}}")
        == normalised(f"${3 * top}/{3 * bottom}$")
    )
    assert normalised(f"{top:,}") == normalised(f"{top}.0") == normalised(f"**{top}**.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1e999999999", "1e999999999"),
        ("Final answer: " + "9" * 50, "9" * 50),
        ("-" * 200_000, ""),
        ("\n" * 200_000, ""),
        ("\\boxed{" * 20_000, ""),
        ("\\boxed{" * 20_000 + "7" + "}" * 20_000, "7"),
        ("Final answer: " + "the " * 20_000 + "Nile", "the " * 20_000 + "nile"),
        ("$" * 50_000, ""),
    ],
)
def test_a_text_made_to_stall_a_parser_is_read_like_any_other(text: str, answer: str) -> None:
    assert final_answer(text) == answer
