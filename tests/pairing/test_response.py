"""Responses that no pair should be made of are marked, and others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.pairing.response import Mark, mark, same, without_thinking

REFUSALS = [
    "I can't help with that.",
    "I'm sorry, but I can\u2019t assist with that request.",
    "I am sorry, I cannot provide medical advice.",
    "Sorry, I won't do that.",
    "As an AI language model, I cannot answer this.",
    "Unfortunately, I am unable to help you with that.",
    "I apologize, but I'm not able to create such content.",
]
ANSWERS = [
    "I'm sorry to hear that your order is late. I have sent a new one.",
    "I can't help but notice the missing comma.",
    "I can help with that.",
    "Sorry for the delay! Here is your refund.",
    "No. I cannot help you with that, she said, and left.",
    "Unfortunately, the train is late.",
    "I can not only help, but do it for you.",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_is_known_by_how_it_begins(text: str) -> None:
    found, detail = mark(text)
    assert found is Mark.REFUSED
    assert detail.startswith("it begins: ")


@pytest.mark.parametrize("text", ANSWERS)
def test_what_only_sounds_like_a_refusal_is_an_answer(text: str) -> None:
    assert mark(text) == (Mark.NONE, "")


def test_what_the_endpoint_says_counts() -> None:
    assert mark("No.", "content_filter")[0] is Mark.REFUSED
    assert mark("It goes on and", "length") == (Mark.TRUNCATED, "it reached max_tokens")
    assert mark("", "length") == (Mark.EMPTY, "there is no text within max_tokens")
    assert mark(" \n", "stop")[0] is Mark.EMPTY
    assert mark("", error="400: too long") == (Mark.FAILED, "400: too long")


def test_a_response_that_says_what_another_says_is_a_duplicate() -> None:
    assert mark("Yes,  it IS.", earlier=frozenset({same("yes, it is.")}))[0] is Mark.DUPLICATE
    assert mark("Yes, it is not.", earlier=frozenset({same("yes, it is.")}))[0] is Mark.NONE


@given(st.text().filter(lambda text: "<think>" not in text))
def test_thoughts_are_no_part_of_an_answer(text: str) -> None:
    assert without_thinking(f"<think>Let me see.\n</think>\n\nSo: {text}") == f"So: {text}"
    assert without_thinking(text) == text
    assert without_thinking(f"<think>{text.replace('</think>', '')}") == ""


def test_thoughts_that_are_spoken_of_stay() -> None:
    assert without_thinking("Put it into <think>...</think> tags.") == "Put it into <think>...</think> tags."
