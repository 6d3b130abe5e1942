"""Rules that look for words: vague ones, those of taste and degree, and those that measure length."""

from collections.abc import Iterator
from functools import cache
from re import Pattern

from synth.scenario.definition import Definition
from synth.scenario.lint.finding import Finding, written
from synth.scenario.lint.wording import any_of, taken_apart, whole_words, words
from synth.scenario.model import Scenario

_NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a dozen|fifty|a hundred)"
_UNIT = r"(?:word|sentence|paragraph|page|character|line|token|syllable|bullet point|bullet)s?"
_BOUND = (
    r"(?:at (?:least|most)|(?:more|fewer|less|longer|shorter) than|about|around|exactly|maximum of|over|under|within)"
)
_COUNTED = (
    rf"{_BOUND} {_NUMBER}[ -]{_UNIT}",
    rf"{_NUMBER}(?:-| to | and ){_NUMBER} {_UNIT}",
    rf"\d+[ -]{_UNIT}",
)


def vague_words(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Words that two readers fill differently, such as good, appropriate, clear or relevant, without a test.

    In the demand such a word passes where a failing case follows that does without one. In a failing case, a rubric
    or a condition it does not pass. Limits: an English list; a failing case that is vague in other words passes.
    """
    vague = any_of("vague")
    for one in written(definition, scenario):
        criterion, parts = one.criterion, taken_apart(one.criterion.description)
        if "description" in one.fields:
            if found := vague.search(parts.test):
                yield one.says(
                    "description", f"fails by '{found[0]}', which is for readers to fill; say what they would see"
                )
            elif not parts.test and (found := vague.search(parts.demand)):
                yield one.says(
                    "description", f"asks for '{found[0]}' without a test; say what a reader sees that fails it"
                )
        if "applies_when" in one.fields and (found := vague.search(criterion.applies_when)):
            yield one.says(
                "applies_when", f"applies by '{found[0]}', which is for readers to fill; name the sign to go by"
            )
        for score, meaning in criterion.rubric if "rubric" in one.fields else ():
            if found := vague.search(meaning):
                yield one.says("rubric", f"scores {score} for '{found[0]}'; say what such a response shows or lacks")


def subjective_as_objective(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Matters of taste or of degree that are marked `objective: true`: met or not.

    Caught are words of taste (engaging, elegant) and of degree (as plain as possible, how well, very). Limits: an
    English list; a judgement in plain words passes, and so does a word of taste that a failing case without one pins
    down.
    """
    degree, either = any_of("degree"), any_of("taste", "degree")
    for one in written(definition, scenario):
        if not one.criterion.objective or not {"description", "objective"} & one.fields:
            continue
        parts = taken_apart(one.criterion.description)
        if found := either.search(parts.test or parts.demand) or degree.search(parts.demand):
            yield one.says(
                "objective" if "objective" in one.fields else "description",
                f"is marked objective, but '{found[0]}' is a matter of degree; "
                "write `objective: false`, or a test that is met or not",
            )


def names_length(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Criteria that reward or punish how long a response is: numbers of words or sentences, brief, verbose, too long.

    A judge that learns from them prefers lengths. A length that the prompt sets passes where the demand or
    `applies_when` says that it does. Limits: an English list; `a paragraph` or `a sentence each` pass.
    """
    for one in written(definition, scenario):
        criterion = one.criterion
        texts = {"description": criterion.description, "rubric": " ".join(meaning for _, meaning in criterion.rubric)}
        for field, text in texts.items():
            parts = taken_apart(text)
            found = _length().search(f"{parts.demand} {parts.test}") if field in one.fields else None
            if found and not any_of("prompt_decides").search(f"{criterion.applies_when} {parts.demand}"):
                yield one.says(field, f"names a length ('{found[0]}'); judge what is missing or in excess instead")


@cache
def _length() -> Pattern[str]:
    return whole_words((*_COUNTED, *words("length")))
