"""The flaws there are.

Chosen after the ways in which Doddapaneni et al. 2024 ("Finding Blind Spots in Evaluator LLMs with Interpretable
Checklists") perturb answers: factual accuracy, instruction following, long-form writing, reasoning. Each spoils one
thing and leaves the rest, so that nothing else can decide the verdict. What a flaw applies to is told by words of
English prompts; in other languages fewer apply.
"""

import re

from synth.flaws.flaw import Flaw
from synth.flaws.measures import (
    alike,
    code_blocks,
    layout,
    longer,
    same_code,
    statements_kept,
    without_code,
    words,
    words_kept,
)

_FACT = re.compile(r"\d|(?<=[a-z,;] )[A-Z][a-z]+")  # a number, or a name within a sentence
_DEMAND = re.compile(
    r"\b(?:at (?:most|least)|no more than|fewer than|less than|exactly|only|must|should|include|including|mention|avoid"
    r"|without|do not|don't|never|use|using|in the style|words?|sentences?|paragraphs?|lines?|\d+|two|three|four|five"
    r"|also|both|each|example|tone|formal|polite|brief|short|concise|explain why|rhyme|end with|begin with|start with"
    r"|in (?:english|french|german|spanish|italian|chinese|japanese))\b",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"\b(?:list|table|bullets?|json|csv|ya?ml|xml|markdown|html|headings?|numbered|steps?|step-by-step|format(?:ted)?"
    r"|columns?|rows?|points?|outline|code block)\b",
    re.IGNORECASE,
)


def _says_a_fact(prompt: str, response: str) -> bool:
    return bool(_FACT.search(without_code(response)))


def _slip(original: str, copy: str) -> str | None:
    if words(original) == words(copy):
        return "no word was changed"
    if not 0.8 <= longer(original, copy) <= 1.25 or alike(original, copy) < 0.8:
        return "more was changed than one fact"
    return None


def _demands(prompt: str, response: str) -> bool:
    return bool(_DEMAND.search(prompt)) and len(words(prompt)) >= 5


def _dropped(original: str, copy: str) -> str | None:
    if not 0.3 <= longer(original, copy) <= 1.5:
        return "its length says it"
    if words_kept(original, copy) < 0.4:
        return "it was written anew"
    return None


def _is_prose(prompt: str, response: str) -> bool:
    return len(words(without_code(response))) >= 5


def _padded(original: str, copy: str) -> str | None:
    if not 1.25 <= longer(original, copy) <= 4:
        return "it is not padded" if longer(original, copy) < 1.25 else "more than four times as long"
    if statements_kept(original, copy) < 0.9:
        return "what was said is not all there"
    return None


def _has_the_format(prompt: str, response: str) -> bool:
    """The prompt asks for one, and the response has one to lose."""
    return bool(_FORMAT.search(prompt)) and bool(layout(response))


def _unformatted(original: str, copy: str) -> str | None:
    if layout(original) <= layout(copy):
        return "the format is there still"
    if words_kept(original, copy) < 0.7:
        return "more was changed than the format"
    return None


def _has_code(prompt: str, response: str) -> bool:
    return any(code.strip() for _, code in code_blocks(response))


def _broken(original: str, copy: str) -> str | None:
    before, after = code_blocks(original), code_blocks(copy)
    if len(before) != len(after):
        return "it has not the same blocks of code"
    changed = [(one, other) for one, other in zip(before, after, strict=True) if not same_code(one, other)]
    if not changed:
        return "the code does the same"
    if any(alike(one[1], other[1]) < 0.6 for one, other in changed):
        return "the code was written anew"
    if alike(without_code(original), without_code(copy)) < 0.8:
        return "more was changed than the code"
    return None


FLAWS: tuple[Flaw, ...] = (
    Flaw("factual_slip", _says_a_fact, _slip),
    Flaw("dropped_instruction", _demands, _dropped),
    Flaw("padding", _is_prose, _padded),
    Flaw("wrong_format", _has_the_format, _unformatted),
    Flaw("broken_code", _has_code, _broken),
)
NAMES = tuple(one.name for one in FLAWS)


def flaw_named(name: str) -> Flaw:
    """Raises KeyError for a name that is not one of NAMES; configs are checked before."""
    return {one.name: one for one in FLAWS}[name]
