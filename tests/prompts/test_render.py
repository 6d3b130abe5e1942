import re
from dataclasses import replace

import pytest
from hypothesis import given

from synth.domain import SCALES, Ask, Message, Order, Pair, Protocol, Scale, Side, asks
from synth.prompts import Manner, Question, question
from synth.scenario import Criterion, Scenario
from tests.strategies import every_ask, orders, pairs, sides, swapped_ask, words

TEA = Scenario(
    name="tea",
    group="mine",
    definition="The user wants tea.",
    criteria=(
        Criterion("hot", "Is served hot.", "content", True, "tea", rubric=((1, "It is cold."), (10, "It steams."))),
        Criterion("sweet", "Is sweetened.", "style", False, "tea", applies_when="sugar is asked for"),
    ),
)
SUM = replace(TEA, name="sum", solve_first=True)
PAIR = Pair("p", (Message("user", "Make tea."),), "Here is tea.", "Here is coffee.", "tea")
PAIRWISE_AB, PAIRWISE_BA, POINTWISE_A, POINTWISE_B = asks(tuple(Protocol))
EVERY = (PAIRWISE_AB, PAIRWISE_BA, POINTWISE_A, POINTWISE_B)
both_protocols = pytest.mark.parametrize("ask", [PAIRWISE_AB, POINTWISE_B], ids=["pairwise", "pointwise"])
every = pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.name)


def asked(
    pair: Pair = PAIR, ask: Ask = PAIRWISE_AB, scenario: Scenario = TEA, scale: str = "1-10", language: str = "auto"
) -> Question:
    return question(pair, ask, scenario, Manner(scale=scale, language=language))


def text(found: Question) -> str:
    return "\n".join(message.content for message in found.messages)


def user(found: Question) -> str:
    return found.messages[1].content


def slot(found: Question, name: str) -> str:
    (shown,) = re.findall(rf"<{name}>\n(.*?)\n</{name}>", user(found), re.DOTALL)
    return str(shown)


@every
def test_a_question_is_a_system_message_then_a_user_message(ask: Ask) -> None:
    assert [message.role for message in asked(ask=ask).messages] == ["system", "user"]
    assert all(message.content == message.content.strip() for message in asked(ask=ask).messages)


@pytest.mark.parametrize(
    ("ask", "first", "second"),
    [(PAIRWISE_AB, "Here is tea.", "Here is coffee."), (PAIRWISE_BA, "Here is coffee.", "Here is tea.")],
    ids=["ab", "ba"],
)
def test_the_order_says_which_response_stands_in_which_slot(ask: Ask, first: str, second: str) -> None:
    assert slot(asked(ask=ask), "response_1") == first
    assert slot(asked(ask=ask), "response_2") == second
    assert user(asked(ask=ask)).index("<response_1>") < user(asked(ask=ask)).index("<response_2>")


@pytest.mark.parametrize(("ask", "shown"), [(POINTWISE_A, "Here is tea."), (POINTWISE_B, "Here is coffee.")])
def test_a_response_is_graded_alone(ask: Ask, shown: str) -> None:
    assert slot(asked(ask=ask), "response") == shown


@given(pairs, orders)
def test_nothing_but_the_slots_tells_the_orders_apart(pair: Pair, order: Order) -> None:
    ask = Ask(Protocol.PAIRWISE, order=order)
    exchanged = replace(pair, response_a=pair.response_b, response_b=pair.response_a)
    assert asked(pair, ask) == asked(exchanged, swapped_ask(ask))


@given(pairs, sides, words)
def test_the_other_response_is_not_known_where_one_is_graded_alone(pair: Pair, side: Side, other: str) -> None:
    ask = Ask(Protocol.POINTWISE, response=side)
    changed = replace(pair, response_b=other) if side is Side.A else replace(pair, response_a=other)
    assert asked(changed, ask) == asked(pair, ask)


@given(pairs, every_ask)
def test_who_wrote_a_response_and_what_people_said_of_it_is_not_told(pair: Pair, ask: Ask) -> None:
    silent = replace(pair, id="", model_a="", model_b="", human_label=None, source="", human_labels=())
    assert asked(pair, ask) == asked(silent, ask)


@given(pairs, every_ask)
def test_the_responses_are_shown_as_they_are(pair: Pair, ask: Ask) -> None:
    for side in Side if ask.order else [ask.response]:
        assert side is not None
        assert f">\n{pair.response(side)}\n</response" in user(asked(pair, ask))


TEMPLATES = ["{{ pair.model_a }}", "{% if true %}x{% endif %}", "{# gone #}", "{{", "%}", "&lt;b&gt; <b>", "\\n"]


@every
@pytest.mark.parametrize("awkward", TEMPLATES)
def test_text_that_looks_like_a_template_stays_as_it_is(ask: Ask, awkward: str) -> None:
    pair = replace(
        PAIR, prompt=(Message("user", f"Say {awkward}"),), response_a=f"a {awkward}", response_b=f"b {awkward}"
    )
    pair = replace(pair, reference=f"ref {awkward}")
    found = user(asked(pair, ask))
    expected = [f"Say {awkward}", f"ref {awkward}"]
    expected += [f"a {awkward}"] if ask.order or ask.response is Side.A else []
    expected += [f"b {awkward}"] if ask.order or ask.response is Side.B else []
    assert [piece for piece in expected if piece not in found] == []
    scenario = replace(TEA, definition=f"The user wants {awkward}.")
    assert f"The user wants {awkward}." in text(asked(pair, ask, scenario))


@every
def test_the_criteria_are_shown_with_their_conditions_and_rubrics(ask: Ask) -> None:
    system = asked(ask=ask).messages[0].content
    assert "Kind of prompt: tea. The user wants tea." in system
    assert "- hot: Is served hot.\n    1: It is cold.\n    10: It steams.\n" in system
    assert "- sweet: (only when sugar is asked for) Is sweetened.\n" in system


@both_protocols
def test_a_prompt_of_one_turn_is_shown_bare(ask: Ask) -> None:
    assert slot(asked(ask=ask), "prompt") == "Make tea."


@both_protocols
def test_a_prompt_of_several_turns_is_shown_with_its_roles(ask: Ask) -> None:
    turns = (Message("system", "Be brief."), Message("user", "Make tea."), Message("assistant", "Which?"))
    shown = slot(asked(replace(PAIR, prompt=turns), ask), "prompt")
    assert shown.split("\n") == ["[system]", "Be brief.", "[user]", "Make tea.", "[assistant]", "Which?", ""]


@both_protocols
def test_a_single_turn_of_another_role_is_shown_with_it(ask: Ask) -> None:
    shown = slot(asked(replace(PAIR, prompt=(Message("system", "Be brief."),)), ask), "prompt")
    assert shown.startswith("[system]\nBe brief.")


@every
@pytest.mark.parametrize("scenario", [TEA, SUM], ids=["plain", "solve first"])
def test_a_reference_that_is_given_is_shown_and_none_is_asked_for(ask: Ask, scenario: Scenario) -> None:
    found = asked(replace(PAIR, reference="Tea is leaves."), ask, scenario)
    assert slot(found, "reference") == "Tea is leaves."
    assert "A reference answer is given." in found.messages[0].content
    assert '"reference":' not in found.messages[0].content
    assert "reference" not in found.schema["properties"]


@every
def test_a_teacher_that_solves_first_writes_its_reference_first(ask: Ask) -> None:
    found = asked(ask=ask, scenario=SUM)
    system = found.messages[0].content
    assert "work out your own answer" in system
    assert "A reference answer is given." not in system
    assert "<reference>" not in user(found)
    assert next(iter(found.schema["properties"])) == "reference"
    fields = re.findall(r'^"(\w+)":', system, re.MULTILINE)
    assert fields == list(found.schema["properties"]) == found.schema["required"]


@every
def test_where_there_is_no_reference_nothing_speaks_of_one(ask: Ask) -> None:
    found = asked(ask=ask)
    assert "reference" not in text(found).lower()
    assert "reference" not in found.schema["properties"]


@every
def test_the_fields_are_described_in_the_order_of_the_schema(ask: Ask) -> None:
    found = asked(ask=ask)
    fields = re.findall(r'^"(\w+)":', found.messages[0].content, re.MULTILINE)
    assert fields == list(found.schema["properties"]) == found.schema["required"]


@every
@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_the_scale_is_said_and_enforced(ask: Ask, scale: Scale) -> None:
    found = asked(ask=ask, scale=scale.name)
    assert f"a whole number from {scale.low} (worst) to {scale.high} (best)" in found.messages[0].content
    score = found.schema["properties"]["score_1" if ask.order else "score"]
    assert (score["minimum"], score["maximum"]) == (scale.low, scale.high)


@every
def test_the_scale_of_the_scenario_wins_over_that_of_the_run(ask: Ask) -> None:
    assert asked(ask=ask, scenario=replace(TEA, scale="binary"), scale="1-5") == asked(
        ask=ask, scenario=replace(TEA, scale="binary"), scale="1-10"
    )
    assert "from 0 (worst) to 1 (best)" in text(asked(ask=ask, scenario=replace(TEA, scale="binary")))


@every
def test_the_language_is_that_of_the_prompt_or_the_one_asked_for(ask: Ask) -> None:
    assert "Write in the language of the prompt." in text(asked(ask=ask))
    assert "Write in Finnish." in text(asked(ask=ask, language="Finnish"))
    assert "language of the prompt" not in text(asked(ask=ask, language="Finnish"))


@every
def test_a_limit_of_length_is_said_where_there_is_one(ask: Ask) -> None:
    limited = question(PAIR, ask, TEA, Manner(max_chars=240))
    assert "longer than 240 characters" in limited.messages[0].content
    assert limited.schema == asked(ask=ask).schema
    assert "characters" not in asked(ask=ask).messages[0].content


def test_a_criterion_that_counts_only_sometimes_may_be_left_without_a_grade() -> None:
    found = asked(ask=POINTWISE_A)
    grades = found.schema["properties"]["criteria"]["properties"]
    assert list(grades) == ["hot", "sweet"]
    assert grades["hot"]["type"] == "object"
    assert {"type": "null"} in grades["sweet"]["anyOf"]
    assert "gets null" in found.messages[0].content


def test_criteria_are_not_graded_where_only_the_whole_is_asked_for() -> None:
    found = question(PAIR, POINTWISE_A, TEA, Manner(grade_criteria=False))
    assert list(found.schema["properties"]) == ["critique", "score"]
    assert '"criteria":' not in text(found)
    assert "null" not in text(found)
    assert "- hot: Is served hot." in text(found)


@pytest.mark.parametrize("ask", [PAIRWISE_AB, PAIRWISE_BA], ids=["ab", "ba"])
def test_a_comparison_grades_no_criteria(ask: Ask) -> None:
    assert asked(ask=ask) == question(PAIR, ask, TEA, Manner(grade_criteria=False))
    assert "criteria" not in asked(ask=ask).schema["properties"]


@every
def test_inherited_criteria_are_left_out_where_only_its_own_are_wanted(ask: Ask) -> None:
    heir = replace(TEA, criteria=(Criterion("safe", "Is safe to drink.", "basic", True, "drink"), *TEA.criteria))
    assert "- safe: Is safe to drink." in text(asked(ask=ask, scenario=heir))
    assert question(PAIR, ask, heir, Manner(criteria="own")) == asked(ask=ask)


def test_a_scenario_with_nothing_of_its_own_keeps_what_it_inherits() -> None:
    heir = replace(TEA, criteria=(Criterion("safe", "Is safe to drink.", "basic", True, "drink"),))
    own = question(PAIR, POINTWISE_A, heir, Manner(criteria="own"))
    assert own == asked(ask=POINTWISE_A, scenario=heir)
    assert list(own.schema["properties"]["criteria"]["properties"]) == ["safe"]


@both_protocols
def test_a_rubric_written_for_another_scale_is_not_shown(ask: Ask) -> None:
    assert "It steams." in text(asked(ask=ask, scale="1-10"))
    assert "It steams." not in text(asked(ask=ask, scale="1-5"))
    assert "Is served hot." in text(asked(ask=ask, scale="1-5"))


@both_protocols
def test_small_teachers_can_be_shown_the_own_criteria_alone(ask: Ask) -> None:
    inherited = replace(TEA.criteria[0], name="honest", description="Says what is true.", origin="basics")
    heir = replace(TEA, criteria=(inherited, *TEA.criteria))
    assert "Says what is true." in text(question(PAIR, ask, heir, Manner(criteria="all")))
    own = question(PAIR, ask, heir, Manner(criteria="own"))
    assert "Says what is true." not in text(own)
    assert "Is served hot." in text(own)
    assert "honest" not in str(own.schema)
