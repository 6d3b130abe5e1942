"""Prompts that are nearly the same."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, Prompt
from synth.promptset.alike import Taken, first_alike, sketch
from tests.words import words

VOCABULARY = "tea cup pot leaf water hot cold green black white".split()
sentences = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join)


def prompt(text: str) -> Prompt:
    return (Message("user", text),)


def alike(one: str, other: str, similarity: float) -> bool:
    taken = Taken(similarity)
    taken.add("one", sketch(prompt(one)))
    return taken.like(sketch(prompt(other))) is not None


# Below 0.8 two that are alike may meet in no band.
@given(st.lists(sentences, max_size=12), st.sampled_from([0.8, 1.0]))
def test_of_those_that_stay_no_two_are_nearly_the_same_and_none_of_the_others_is_unlike_all(
    texts: list[str], similarity: float
) -> None:
    firsts = first_alike([sketch(prompt(text)) for text in texts], similarity)
    stay = [text for place, text in enumerate(texts) if firsts[place] == place]
    assert not [two for two in combinations(stay, 2) if alike(*two, similarity)]
    assert all(first <= place for place, first in enumerate(firsts))
    for place, first in enumerate(firsts):
        rest = texts[:place] + texts[place + 1 :]
        assert first == place or any(alike(texts[place], one, similarity) for one in rest)


def test_a_word_that_differs_in_a_long_prompt_makes_no_other_prompt_of_it() -> None:
    text = f"Please tell me how {words(1)} go with {words(2)}, and why {words(3)} do not."
    assert alike(text, text.replace("Please", "Do"), 0.7)
    assert not alike(text, text.replace(words(1), words(4)).replace(words(2), words(5)), 0.7)


def test_a_system_prompt_that_all_have_in_common_makes_nothing_alike() -> None:
    system = Message("system", " ".join(map(words, range(9))))
    one, other = ((system, Message("user", text)) for text in ("How are you?", "What is tea made of?"))
    assert first_alike([sketch(one), sketch(other)], 0.3) == [0, 1]


def test_the_nearest_of_many_is_named() -> None:
    taken = Taken(0.7)
    for number in range(200):
        taken.add(str(number), sketch(prompt(f"{words(number)} and {words(-number)}")))
    assert [taken.like(sketch(prompt(f"{words(at)} and {words(-at)}"))) for at in (0, 63, 64, 199)] == [
        "0",
        "63",
        "64",
        "199",
    ]
    assert taken.like(sketch(prompt(words(1000)))) is None
