"""Each flaw applies where there is something to spoil, and another change is told from it."""

import pytest

from synth.flaws import FLAWS, NAMES, flaw_named
from synth.prompts import TEMPLATES

FACTS = (
    "The Brooklyn Bridge was opened in 1883. It was designed by John Roebling, who died before the work began. "
    "His son took over, and his wife Emily led the site for eleven years."
)
LIST = "Buy these things today:\n- eggs, a dozen of them\n- flour, the plain sort\n- butter, unsalted\n"
CODE = 'Here you go.\n\n```python\ndef total(values):\n    """Adds."""\n    return sum(values)\n```\n'
PADDED = (
    f"What a fine question to ask. {FACTS} To sum it all up, that is how things were, and how they have come to be."
)
PLAIN = "Buy these things today: eggs, a dozen of them; flour, the plain sort; butter, unsalted."


@pytest.mark.parametrize(
    ("flaw", "prompt", "response", "applies"),
    [
        ("factual_slip", "When?", FACTS, True),
        ("factual_slip", "How are you?", "I am fine, thank you.", False),
        ("factual_slip", "Code?", "```python\nx = 17\n```", False),
        ("dropped_instruction", "Write to Ann and mention the date.", "Dear Ann, on Monday.", True),
        ("dropped_instruction", "Who was Roebling?", FACTS, False),
        ("padding", "Who was Roebling?", FACTS, True),
        ("padding", "Is it?", "Yes.", False),
        ("wrong_format", "Give me a list of what to buy.", LIST, True),
        ("wrong_format", "Give me a list of what to buy.", PLAIN, False),
        ("wrong_format", "What shall I buy?", LIST, False),
        ("broken_code", "Add them.", CODE, True),
        ("broken_code", "Add them.", "Call sum(values).", False),
    ],
)
def test_a_flaw_applies_where_there_is_something_to_spoil(flaw: str, prompt: str, response: str, applies: bool) -> None:
    assert flaw_named(flaw).applies(prompt, response) is applies


@pytest.mark.parametrize(
    ("flaw", "original", "copy"),
    [
        ("factual_slip", FACTS, FACTS.replace("1883", "1893")),
        ("factual_slip", FACTS, FACTS.replace("wife", "sister")),
        ("dropped_instruction", FACTS, FACTS.replace("It was designed by John Roebling, who died. ", "")[:-60]),
        ("padding", FACTS, PADDED),
        ("wrong_format", LIST, PLAIN),
        ("wrong_format", '{"name": "Ann", "age": 7}', "The name is Ann, and the age is 7."),
        ("wrong_format", '```json\n["a", "b"]\n```', "a, b"),
        ("wrong_format", "| a | b |\n|---|---|\n| 1 | 2 |", "a is 1 and b is 2"),
        ("broken_code", CODE, CODE.replace("sum(values)", "sum(values[1:])")),
        ("broken_code", CODE, CODE.replace("return sum", "return summ")),
        ("broken_code", CODE, CODE.replace("sum(values)", "sum(values")),
        ("broken_code", CODE.replace("python", "js"), CODE.replace("python", "js").replace("values)", "value)")),
    ],
)
def test_a_copy_with_the_flaw_is_let_pass(flaw: str, original: str, copy: str) -> None:
    assert flaw_named(flaw).objection(original, copy) is None


@pytest.mark.parametrize(
    ("flaw", "original", "copy", "why"),
    [
        ("factual_slip", FACTS, FACTS.replace("1883.", "1883!"), "no word was changed"),
        ("factual_slip", FACTS, FACTS[:90], "more was changed than one fact"),
        ("factual_slip", FACTS, "Rome was not built in one day. " * 6, "more was changed than one fact"),
        ("dropped_instruction", FACTS, "No.", "its length says it"),
        ("dropped_instruction", FACTS, "Rome was not built in one day. " * 6, "it was written anew"),
        ("padding", FACTS, FACTS + " So.", "it is not padded"),
        ("padding", FACTS, FACTS * 5, "more than four times as long"),
        ("padding", FACTS, "Rome was not built in one day, as they say. " * 9, "what was said is not all there"),
        ("wrong_format", LIST, LIST.replace("eggs", "milk"), "the format is there still"),
        ("wrong_format", LIST, "Buy whatever you like.", "more was changed than the format"),
        ("broken_code", CODE, "Call sum(values).", "it has not the same blocks of code"),
        ("broken_code", CODE, CODE.replace("    return", "    # adds\n    return"), "the code does the same"),
        ("broken_code", CODE, CODE.replace("sum(values)", "sum( values )"), "the code does the same"),
        (
            "broken_code",
            CODE.replace("python", "js"),
            CODE.replace("python", "js").replace("sum(values)", "sum(values) // all"),
            "the code does the same",
        ),
        ("broken_code", CODE, "```python\nimport os\nos.getcwd()\n```", "the code was written anew"),
        (
            "broken_code",
            FACTS + CODE,
            CODE.replace("sum(values)", "sum(values[1:])"),
            "more was changed than the code",
        ),
    ],
)
def test_a_copy_with_another_change_is_not(flaw: str, original: str, copy: str, why: str) -> None:
    assert flaw_named(flaw).objection(original, copy) == why


@pytest.mark.parametrize("one", FLAWS, ids=lambda one: one.name)
def test_a_response_itself_has_no_flaw(one: object) -> None:
    for text in (FACTS, LIST, CODE):
        if one.name != "dropped_instruction":  # type: ignore[attr-defined]
            assert one.objection(text, text) is not None  # type: ignore[attr-defined]


def test_every_flaw_has_words_for_the_writer() -> None:
    assert sorted(NAMES) == sorted(path.stem for path in (TEMPLATES / "writing" / "flaws").glob("*.jinja2"))
