"""A response to a prompt, and the marks of those that no pair should be made of."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What is wrong with a response; the empty one is nothing."""

    NONE = ""
    FAILED = "failed"
    EMPTY = "empty"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    DUPLICATE = "duplicate"
    TELLING = "telling"


# Taken where too few are left without a mark, the better first. The others are no text, or are there already.
LAST_RESORT = (Mark.TRUNCATED, Mark.REFUSED)


@dataclass(frozen=True, slots=True)
class Response:
    """`number` counts from 1 within the prompt: those the row brought, then those that were asked for.

    `model` is empty where the row does not name it. `grade` is the teacher's of the response alone, where there is one;
    `target` the score that it was written to earn, where it was.
    """

    number: int
    text: str
    model: str = ""
    mark: Mark = Mark.NONE
    detail: str = ""
    grade: float | None = None
    target: float | None = None


# How answers begin that are no answers, as in the strings that Zou et al. 2023 (the attacks of AdvBench) count refusals
# by. "I'm sorry" alone is not among them: customer support says it all day.
_NOT = r"(?:can(?:no|')?t|can not|won't|will not|am unable to|'m unable to|am not able to|'m not able to)"
_WHAT = (
    r"(?:help(?! but)|assist|comply|fulfill?|do that|provide|answer|respond|engage|support|create|generate|participate)"
)
_REFUSAL = re.compile(
    rf"(?:(?:(?:i'm |i am )?(?:very |really |so )?sorry|unfortunately|i apologi[sz]e|as an ai(?: language)? model),? "
    rf"(?:but )?)?i ?{_NOT} {_WHAT}\b",
    re.IGNORECASE,
)


def mark(
    text: str, finish_reason: str = "", error: str = "", earlier: frozenset[str] = frozenset()
) -> tuple[Mark, str]:
    """The mark of a response, with the reason in words. `earlier` are the `same`s of the prompt's other responses."""
    if error:
        return Mark.FAILED, error
    if finish_reason in ("refusal", "content_filter"):
        return Mark.REFUSED, f"the endpoint says so: {finish_reason}"
    if not text.strip():
        return Mark.EMPTY, "there is no text" + (" within max_tokens" if finish_reason == "length" else "")
    if opening := _REFUSAL.match(text.strip().replace("\u2019", "'")):
        return Mark.REFUSED, f"it begins: {opening[0]}"
    if finish_reason == "length":
        return Mark.TRUNCATED, "it reached max_tokens"
    if same(text) in earlier:
        return Mark.DUPLICATE, "an earlier response to the prompt says the same"
    return Mark.NONE, ""


_THINKING = re.compile(r"^\s*<think>.*?(?:</think>\s*|\Z)", re.DOTALL)


def without_thinking(text: str) -> str:
    """What a reasoning model answers after its thoughts; nothing where they do not end."""
    return _THINKING.sub("", text)


def same(text: str) -> str:
    """Equal for texts that differ in white space and case only."""
    return " ".join(text.split()).casefold()
