"""What models are asked that write to order, and what they are not told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, Pair, PromptRow, Side
from synth.flaws import NAMES
from synth.prompts import Manner
from synth.prompts.flaw import flaw_messages
from synth.prompts.target import target_messages
from synth.run.manifest import writing_hash
from tests.prompts.test_render import TEA
from tests.strategies import pairs

ROW = PromptRow("row", (Message("user", "Make tea. {{ 7 * 7 }}"),))


def test_who_writes_to_a_score_sees_what_the_teacher_will_judge_by() -> None:
    system, user = target_messages(ROW, TEA, Manner(), 3, "about 80 words")
    assert "Kind of prompt: tea. The user wants tea." in system.content
    assert "- sweet: (only when sugar is asked for) Is sweetened." in system.content
    assert "    10: It steams." in system.content
    assert "Make tea. {{ 7 * 7 }}" in user.content
    assert "earns the score 3 of 10. It is about 80 words long." in user.content
    assert "reference" not in user.content


def test_the_scale_is_the_scenarios_own_and_the_criteria_are_those_of_the_judging() -> None:
    small = replace(TEA, scale="1-5", criteria=(TEA.criteria[0], replace(TEA.criteria[1], origin="basics")))
    system, user = target_messages(ROW, small, Manner(criteria="own"), 5, "one word")
    assert "from 1 (worst) to 5 (best)" in system.content
    assert "sweet" not in system.content
    assert "It steams." not in system.content, "a rubric for another scale would mislead"
    assert "the score 5 of 5. It is one word long." in user.content


@given(st.sampled_from([1, 3, 6, 8, 10]), st.sampled_from(["about 80 words", "one word"]))
def test_a_scenario_begins_the_same_for_every_score_and_length(score: int, length: str) -> None:
    assert target_messages(ROW, TEA, Manner(), score, length)[0] == target_messages(ROW, TEA, Manner(), 1, "x")[0]


def test_a_reference_is_shown_and_not_to_be_copied() -> None:
    _, user = target_messages(replace(ROW, reference="Boil water."), TEA, Manner(), 3, "one word")
    assert "<reference>\nBoil water.\n</reference>" in user.content
    assert "not to be copied" in user.content


@pytest.mark.parametrize("flaw", NAMES)
def test_who_plants_a_flaw_is_told_which_and_sees_one_response_only(flaw: str) -> None:
    pair = Pair("p", (Message("user", "Make tea."),), "Here is tea.", "Here is coffee.", "tea", reference="Boil.")
    system, user = flaw_messages(pair, Side.B, flaw)
    assert system.content.count("The flaw:\n") == 1
    assert flaw.replace("_", " ")[:6] in system.content.lower()
    assert "<response>\nHere is coffee.\n</response>" in user.content
    assert "Here is tea." not in user.content
    assert "<reference>\nBoil.\n</reference>" in user.content
    others = [other for other in NAMES if other != flaw]
    assert all(flaw_messages(pair, Side.B, other)[0] != system for other in others)


@given(pairs)
def test_nothing_in_a_prompt_or_a_response_is_run_as_a_template(pair: Pair) -> None:
    odd = replace(pair, response_a="{% include 'x' %}{{ 1 }}")
    assert odd.response_a in flaw_messages(odd, Side.A, "padding")[1].content


def test_the_hashes_tell_the_two_apart() -> None:
    found = {name: writing_hash(name) for name in ("target", "flaw")}
    assert len(set(found.values())) == 2
    assert all(len(one) == 16 for one in found.values())
