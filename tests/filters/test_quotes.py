"""What counts as a quotation. The sentences are made up, their wordings are those that critics use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.quotes import claimed, holds, plain

CLAIMS = [
    'The response says "tea is best served hot".',
    'The phrase "tea is best served hot" could be shortened to "serve tea hot".',
    'Instead of saying "tea is best served hot", it could say "serve tea hot".',
    'It wrongly states that "tea is best served hot", which no doctor would have said.',
    'It does not answer the question "tea is best served hot".',
    'Its opening ("tea is best served hot") is strong.',
    "It opens with “tea is best served hot”.",
    "It opens with «tea is best served hot».",
    'It adds things that are not present in the text, such as "tea is best served hot".',
]
NO_CLAIMS = [
    'It could have said "serve tea hot".',
    'A more specific title, such as "serve tea hot" or "tea for all", would help.',
    'The response does not mention "serve tea hot".',
    'A question such as "how about serving tea" would have been more engaging.',
    'The word translates to "serve tea hot".',
    'The correct answer is "serve tea hot".',
    'It explains the concept of "serving tea hot".',
    'A "tea" is named.',
    'It has one stray " mark, and no end to it',
    '```\nprint("serve tea hot")\n```',
    "It has no marks at all.",
]


@pytest.mark.parametrize("critique", CLAIMS)
def test_a_passage_that_is_said_to_be_there_is_a_claim(critique: str) -> None:
    assert [quote.text for quote in claimed(critique)] == ["tea is best served hot"]


@pytest.mark.parametrize("critique", NO_CLAIMS)
def test_suggestions_terms_and_stray_marks_are_none(critique: str) -> None:
    assert list(claimed(critique)) == []


def test_a_mark_that_is_never_closed_does_not_shift_those_that_follow() -> None:
    critique = 'The size is 5" wide. It says "tea is best served hot" and "lemon is a matter of taste".'
    assert [quote.text for quote in claimed(critique)] == ["tea is best served hot", "lemon is a matter of taste"]


def test_a_passage_belongs_to_the_slots_its_clause_names() -> None:
    first, second, third = claimed(
        'Response 1 says "tea is best served hot" while Response 2 says "coffee wakes you up". It ends "with lemon in".'
    )
    assert (first.slots, second.slots, third.slots) == ({1}, {2}, set())


def test_a_long_list_of_passages_is_read_in_no_time() -> None:
    many = ", ".join(f'"passage number {number} of it"' for number in range(60))
    assert len(list(claimed(f"It holds {many} in a row."))) == 60
    assert list(claimed(f"Here {many} would be better.")) == []


@given(st.text(max_size=200))
def test_any_text_can_be_read(critique: str) -> None:
    assert all(quote.text in critique for quote in claimed(critique))


_LETTERS = st.text(st.characters(categories=["L", "N", "Zs"]), max_size=60)


@given(_LETTERS, _LETTERS, _LETTERS)
def test_what_was_copied_is_found_whatever_became_of_its_spaces(passage: str, before: str, after: str) -> None:
    assert holds(plain(f"{before} {passage} {after}"), passage.replace(" ", " \n "), 1.0)


def test_what_was_left_out_is_marked_by_dots_or_brackets() -> None:
    text = plain("The tea is in the tin on the second shelf.")
    for quote in ("The tea ... the second shelf", "tea is … shelf", "the tin [with the tea] on the second shelf"):
        assert holds(text, quote, 0.85)
    assert not holds(text, "The tea ... the third drawer", 0.85)
