"""The short cuts by which filters find words, names and prose bring what the patterns bring."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters import language, slots, texts
from filters.texts import texts_of, words
from synth.parsing import llmbar
from tests.filters.judged import AB, A, compared

_PIECES = (
    *("the first ", "The second ", "first ", "he second ", "Response", "responses", "Assistant", "answer", "Output"),
    *("candidates", "1", " 2", " 3", " (a)", "(b", " A", "'s", " is better", " wins.", "I choose ", ". ", "\n", " "),
    *("```", "https://", "http", '"', "\u201c", "\u201d", "7", "\u0663", "don\u2019t", "\u2014", "\u00e9", "\u7b54"),
    *("\u00df", "\u0130", "\u212a", "winner", "\u017f", "the choice is ", "_x9", "e\u0301", "word " * 90),
)
_texts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join) | st.text(max_size=30)


@given(_texts)
@settings(max_examples=300)
def test_words_are_those_of_the_pattern(text: str) -> None:
    assert words(text) == tuple(texts._WORD.findall(text.casefold()))


@given(_texts)
@example("the first response 1")
@example("he first response 1")
@example("Response 1 answer 2")
@settings(max_examples=300)
def test_names_are_those_of_the_pattern(text: str) -> None:
    assert [one.span() for one in slots._matches(text)] == [one.span() for one in slots._SLOT.finditer(text)]
    assert slots.without_names(text) == slots._SLOT.sub(" ", text)


@given(_texts)
@settings(max_examples=300)
def test_prose_is_read_only_as_far_as_it_is_looked_at(text: str) -> None:
    plain = re.compile(r"```.*?(?:```|\Z)|https?://\S+|[\"\u201c][^\"\u201d\n]{0,300}[\"\u201d]|\d+", re.DOTALL)
    assert language._prose(text) == plain.sub(" ", text)[: language._LONGEST]


@given(_texts.map(lambda text: slots._with_outputs(text.replace("\u0130", ""))))
@example("Output (a) i\u017f the be\u017ft one.")
@example("The winner is output (b).")
@example("I would go with output (a).")
@settings(max_examples=300)
def test_a_sentence_that_is_passed_over_claims_nothing(sentence: str) -> None:
    if not llmbar._may_claim(sentence):
        assert not any(wording.search(sentence) for wording in llmbar.CLAIMS.values())


def test_a_judgment_that_was_changed_has_texts_of_its_own() -> None:
    for says in map(str, range(200)):
        assert [text.words for text in texts_of(compared(AB, A, says=says))] == [says]
