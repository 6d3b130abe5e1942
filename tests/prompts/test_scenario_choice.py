from dataclasses import replace

from hypothesis import given

from synth.domain import Message, Prompt
from synth.prompts.scenario_choice import ScenarioQuestion
from synth.scenario import Criterion, Scenario
from tests.strategies import prompts

CRITERION = Criterion("hot", "Is served hot.", "content", True, "tea")
TEA = Scenario("tea", "mine", "The user wants tea.", (CRITERION,), choose_when="Nothing is said of coffee.")
OTHERS = Scenario("others", "mine", "The user wants something else.", ())
QUESTION = ScenarioQuestion.among([TEA, OTHERS])


def user(prompt: Prompt) -> str:
    return QUESTION.about(prompt).messages[1].content


def test_what_is_on_offer_is_shown_with_its_definition_and_when_to_choose_it() -> None:
    assert "- tea: The user wants tea. Choose it when: Nothing is said of coffee.\n" in QUESTION.system.content
    assert "- others: The user wants something else.\n" in QUESTION.system.content
    assert "Is served hot." not in QUESTION.system.content, "criteria are for judging"
    assert QUESTION.schema["properties"]["scenario"]["enum"] == ["tea", "others"]


def test_what_is_uncertain_is_to_be_others() -> None:
    assert "choose others rather than guess" in QUESTION.system.content


@given(prompts, prompts)
def test_every_prompt_is_asked_about_with_the_same_beginning(one: Prompt, other: Prompt) -> None:
    first, second = QUESTION.about(one), QUESTION.about(other)
    assert [message.role for message in first.messages] == ["system", "user"]
    assert first.messages[0] == second.messages[0]
    assert first.schema == second.schema


@given(prompts)
def test_every_turn_is_shown_as_it_stands(prompt: Prompt) -> None:
    """Templates of jinja2 among them: nothing in a prompt is run."""
    for turn in (*prompt, Message("user", "{{ offered }} {% endif %}")):
        shown = user((*prompt, turn))
        assert turn.content.strip() in shown


def test_several_turns_are_shown_with_who_says_them() -> None:
    turns = (Message("system", "Be brief."), Message("user", "Tea?"), Message("assistant", "Yes."))
    assert "<prompt>\n[system]\nBe brief.\n[user]\nTea?\n[assistant]\nYes.\n" in user(turns)
    assert "<prompt>\nTea?\n</prompt>" in user((Message("user", "Tea?"),)).replace("\n\n", "\n")


def test_a_limit_of_the_texts_is_said() -> None:
    assert "characters" not in QUESTION.system.content
    assert "No text of yours is longer than 40 characters." in ScenarioQuestion.among([TEA], 40).system.content


def test_a_scenario_without_advice_on_choosing_it_is_shown_without() -> None:
    plain = ScenarioQuestion.among([replace(TEA, choose_when="")])
    assert "- tea: The user wants tea.\n" in plain.system.content
