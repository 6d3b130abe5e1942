"""Prompts are written round by round: what is refused is asked for anew, and what is taken is unlike all before it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, ParseFailure, Prompt
from synth.parsing.prompt_reply import WrittenPrompt
from synth.promptset.alike import Taken, sketch
from synth.promptset.screen import Objection
from synth.promptset.slots import Slot
from synth.promptset.writing import Assumed, Judge, Reply, Tried, Wanted, written
from tests.words import words

SLOTS = [Slot("planning", number, ()) for number in range(1, 7)]
SIMILARITY = 0.7
texts = st.integers(0, 4).map(lambda number: f"{words(number)}, {words(-number - 1)}")
replies = st.one_of(
    texts.map(lambda text: WrittenPrompt("s", text)),
    texts.map(lambda text: WrittenPrompt("s", f"Please: {text}")),
    st.just(ParseFailure("no JSON", "")),
    st.just(Objection("call failed", "500")),
    st.just(Assumed()),
)


def no_objection(prompt: Prompt) -> Objection | None:
    return None


def all_tries(answers: Sequence[Reply], tries: int, before: Sequence[str] = ()) -> list[Tried]:
    """The answers go round, the same one for the same try of a slot."""
    taken = Taken(SIMILARITY)
    for text in before:
        taken.add(text, sketch((Message("user", text),)))

    def ask(wanted: Sequence[Wanted]) -> Iterator[Reply]:
        for one in wanted:
            yield answers[(one.slot.number * 3 + one.sample) % len(answers)]

    return list(written(SLOTS, ask, Judge(no_objection, taken), tries))


@given(st.lists(replies, min_size=1, max_size=9), st.integers(1, 4), texts)
def test_a_prompt_that_is_taken_is_no_near_duplicate_of_one_taken_before(
    answers: list[Reply], tries: int, before: str
) -> None:
    taken = Taken(SIMILARITY)
    taken.add("before", sketch((Message("user", before),)))
    for one in all_tries(answers, tries, [before]):
        if one.taken and isinstance(one.written, WrittenPrompt):
            drawn = sketch((Message("user", one.written.prompt),))
            assert taken.like(drawn) is None
            taken.add(one.wanted.slot.id, drawn)


@given(st.lists(replies, min_size=1, max_size=9), st.integers(1, 4))
def test_every_slot_ends_with_one_prompt_or_with_an_objection_to_its_last_try(answers: list[Reply], tries: int) -> None:
    every = all_tries(answers, tries)
    assert every == all_tries(answers, tries), "the same replies make the same prompts"
    taken = Counter(one.wanted.slot.id for one in every if one.taken)
    of_slot: dict[str, list[Tried]] = {}
    for one in every:
        of_slot.setdefault(one.wanted.slot.id, []).append(one)
    assert set(of_slot) == {slot.id for slot in SLOTS}
    for name, made in of_slot.items():
        assert [one.wanted.sample for one in made] == list(range(len(made)))
        failed = made[-1].objection is not None and made[-1].objection.reason == "call failed"
        assert taken[name] == 1 or failed or len(made) == tries, "it was not asked for as often as it might be"
        assert taken[name] <= 1
        assert not any(one.taken for one in made[:-1])


def test_the_next_try_is_shown_what_the_last_one_was_too_much_like() -> None:
    same = WrittenPrompt("s", f"{words(1)}, {words(2)}")
    shown = []

    def ask(wanted: Sequence[Wanted]) -> Iterator[Reply]:
        shown.extend((one.slot.number, one.sample, one.unlike) for one in wanted)
        for one in wanted:
            yield WrittenPrompt("s", words(9)) if one.unlike else same

    tries = list(written(SLOTS[:2], ask, Judge(no_objection, Taken(SIMILARITY)), 3))
    assert shown == [(1, 0, ""), (2, 0, ""), (2, 1, same.prompt)]
    assert [one.objection and one.objection.reason for one in tries] == [None, "near-duplicate prompt", None]


def test_near_duplicates_may_be_kept_and_other_objections_still_count() -> None:
    same = WrittenPrompt("s", "Tell me about tea.")

    def ask(wanted: Sequence[Wanted]) -> Iterator[Reply]:
        return iter([same] * len(wanted))

    def too_short(prompt: Prompt) -> Objection | None:
        return Objection("prompt too short", "18")

    assert all(one.taken for one in written(SLOTS, ask, Judge(no_objection, None), 1))
    refused = list(written(SLOTS[:1], ask, Judge(too_short, None), 2))
    assert [one.objection and one.objection.reason for one in refused] == ["prompt too short"] * 2
