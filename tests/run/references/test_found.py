"""Which of several answers becomes the reference, and when none does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.pairing.response import Mark, Response
from synth.run.references.found import NO_MAJORITY, Reference, majority, single


def answers(*said: str) -> list[Response]:
    return [Response(number, f"I reckon.\nFinal answer: {one}") for number, one in enumerate(said, start=1)]


def test_the_first_answer_that_says_what_most_say_is_the_reference_word_for_word() -> None:
    assert majority(answers("7", "4", "4.0", "8", "**4**")) == Reference(
        "I reckon.\nFinal answer: 4", "majority 3 of 5", number=2
    )


@pytest.mark.parametrize(
    ("said", "lacking"),
    [(("1", "2", "1", "2"), NO_MAJORITY), (("1", "1", "2", "3", "4"), NO_MAJORITY), (("1", "1"), "too few answers")],
)
def test_half_or_two_are_no_majority(said: tuple[str, ...], lacking: str) -> None:
    assert majority(answers(*said)).lacking == lacking


def test_an_answer_that_failed_or_was_cut_counts_against_a_majority_and_a_repeated_one_for_it() -> None:
    one, other, _ = answers("5", "5", "5")
    cut = Response(3, "Final answer: 5", mark=Mark.TRUNCATED)
    failed = Response(4, "", mark=Mark.FAILED)
    assert majority([one, other, cut, failed]).lacking == NO_MAJORITY
    again = Response(3, one.text, mark=Mark.DUPLICATE)
    assert majority([one, other, again, failed]).by == "majority 3 of 4"


def test_answers_that_state_nothing_final_make_no_reference() -> None:
    prose = "It is hard to say, and there are many views on this that one would have to weigh first."
    assert majority([Response(number, prose) for number in (1, 2, 3)]).lacking == "no final answer"


def test_a_single_answer_that_is_none_is_no_reference() -> None:
    refused = Response(1, "I can't help with that.", mark=Mark.REFUSED, detail="it begins: I can't help")
    assert single(refused, "teacher") == Reference(lacking="refused", detail="it begins: I can't help")
    assert single(Response(1, " Because. "), "teacher") == Reference("Because.", "teacher", number=1)


@given(st.lists(st.sampled_from("12345"), min_size=3, max_size=9))
def test_there_is_a_majority_exactly_where_more_than_half_agree(said: list[str]) -> None:
    found = majority(answers(*said))
    most, votes = Counter(said).most_common(1)[0]
    assert bool(found.text) is (votes * 2 > len(said))
    if found.text:
        assert found.text == answers(*said)[said.index(most)].text
        assert found.by == f"majority {votes} of {len(said)}"
