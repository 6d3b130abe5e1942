"""Prompts of rows are looked at before any is taken."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.domain import Message, Pair, Prompt
from synth.errors import ConfigError
from synth.promptset.alike import Taken, sketch
from synth.rows.pairs import SetAside, prompt_key
from synth.run.prepare import Prepared
from synth.run.prompting.screening import Look, Screened, screened
from tests.run.responding.test_prepared import prepared
from tests.words import words

GERMAN = "Schreibe ein Gedicht über den Herbst und die fallenden Blätter im Garten."
ENGLISH = "Write a poem about autumn and the falling leaves in the garden."


def prompt(text: str) -> Prompt:
    return (Message("user", text),)


def reasons(one: Prepared, *texts: str) -> list[str]:
    found = screened(one, lambda: [(number, prompt(text), False) for number, text in enumerate(texts, 1)])
    return [found.objections[n].reason if n in found.objections else "" for n in range(1, len(texts) + 1)]


def test_length_and_language_are_held_to_their_bounds(tmp_path: Path) -> None:
    one = prepared(tmp_path, prompts={"languages": ["en"], "min_chars": 10, "max_chars": 80})
    assert reasons(one, ENGLISH, GERMAN, "Tea?", "tea " * 30, "Sort 3, 1, 2 in Go") == [
        "",
        "other language",
        "prompt too short",
        "prompt too long",
        "",
    ]


def test_what_was_found_and_what_is_allowed_is_said_with_the_number_of_the_row(tmp_path: Path) -> None:
    one = prepared(tmp_path, prompts={"max_chars": 10})
    found = screened(one, lambda: [(7, prompt(ENGLISH), False)])
    aside = found.pair(7, Pair("id", prompt(ENGLISH), "a", "b", ""))
    assert isinstance(aside, SetAside)
    assert (aside.number, aside.reason) == (7, "prompt too long")
    assert aside.detail == f"row 7: {len(ENGLISH)} characters, prompts.max_chars is 10"


def test_the_language_is_that_of_the_person_who_asks(tmp_path: Path) -> None:
    one = prepared(tmp_path, prompts={"languages": ["de"]})
    turns = (Message("user", GERMAN), Message("assistant", ENGLISH), Message("user", "Und wie geht es weiter?"))
    assert not screened(one, lambda: [(1, turns, False)]).objections


@pytest.mark.parametrize(("setting", "aside", "flagged"), [("flag", 0, 1), ("drop", 1, 0), ("keep", 0, 0)])
def test_personal_data_is_flagged_dropped_or_not_looked_for_and_told_to_nobody(
    tmp_path: Path, setting: str, aside: int, flagged: int
) -> None:
    one = prepared(tmp_path, prompts={"personal_data": setting})
    found = screened(one, lambda: [(1, prompt("I am jane@doe.org, who are you?"), False)])
    assert (len(found.objections), len(found.personal)) == (aside, flagged)
    assert "jane" not in str(found.objections)
    if flagged:
        kept = found.pair(1, Pair("id", prompt("q"), "a", "b", ""))
        assert isinstance(kept, Pair)
        assert kept.personal_data == ("email",)


def test_without_a_section_nothing_is_looked_at(tmp_path: Path) -> None:
    def nobody_reads() -> list[Look]:
        raise AssertionError

    assert screened(prepared(tmp_path), nobody_reads) == Screened()


def test_pairs_of_one_prompt_stay_together_and_a_labelled_one_stays(tmp_path: Path) -> None:
    one = prepared(tmp_path, prompts={})
    text = f"Tell me how {words(1)} go with {words(2)}."
    for labelled in (False, True):
        rows = [(1, prompt(text), labelled), (2, prompt(text.upper()), False), (3, prompt(f"{text} Please."), False)]
        found = screened(one, lambda rows=rows: rows)  # type: ignore[misc]
        assert set(found.objections) in ({1, 2}, {3})
        assert not labelled or set(found.objections) == {3}


@pytest.mark.parametrize("code", ["english", "xx", "eng"])
def test_a_code_that_is_none_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(ConfigError, match=rf"prompts.languages: '{code}' is no code of a language"):
        prepared(tmp_path, prompts={"languages": [code]})


several: Any = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "Please. ", "Please do. "])), max_size=12)


@settings(max_examples=20)  # each reads a config and all scenarios
@given(several, st.randoms(), st.integers(0, 3))
def test_which_of_like_prompts_stays_depends_on_them_alone_and_not_on_their_order(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, str]], lots: Any, seed: int
) -> None:
    one = prepared(tmp_path_factory.mktemp("screening"), prompts={}, seed=seed)
    rows = [prompt(f"{before}Tell me how {words(n)} go with {words(-n - 1)}.") for n, before in drawn]

    def stay(order: list[Prompt]) -> set[str]:
        found = screened(one, lambda: [(number, text, False) for number, text in enumerate(order)])
        return {prompt_key(text) for number, text in enumerate(order) if number not in found.objections}

    shuffled = list(rows)
    lots.shuffle(shuffled)
    kept = stay(rows)
    assert stay(shuffled) == kept
    taken = Taken(0.7)
    for key, text in {prompt_key(text): text for text in rows}.items():
        if key in kept:
            assert taken.like(sketch(text)) is None
            taken.add(key, sketch(text))
