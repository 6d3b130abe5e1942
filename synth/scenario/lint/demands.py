"""Rules about the demand that a criterion makes: that it is one, and that it says what fails it."""

import re
from collections.abc import Iterator
from functools import cache
from re import Pattern

from synth.scenario.definition import Definition
from synth.scenario.lint.finding import Finding, written
from synth.scenario.lint.wording import any_of, sentences, taken_apart, third_person, whole_words, words
from synth.scenario.model import Scenario

_JOIN = r"(?:and(?: also)?|but(?: also)?|as well as|while also|plus)"
_IT = r"(?:(?:it|the (?:response|answer|reply|text)) )?"
_SHALL = r"(?:(?:must|should|may|never|always|also) (?:not )?)?"
_BE = r"(?:is|are|has|have|does|do|must|should|can)"
_WITH_OBJECT = r"(?! (?:as|of|or|and|that|which|from)\b)(?= )"  # else it may be a noun: headings, paragraphs and lists
_CLAUSES = (
    rf"{_JOIN} (?:it|the (?:response|answer|reply|text)) {_BE}",
    rf"{_BE} (?:\w+ ){{1,4}}and (?:the|its|each|every|all|no) (?:\w+ ){{1,3}}{_BE}",
    r"(?:is|are|be|being) (?:both )?(?:\w+ly )?\w+(?:, \w+)*,? and (?:\w+ly )?\w+(?=[.,;]|$)",
)
_MODAL = whole_words(("must", "should", "shall", "has to", "needs? to"))
_RELATIVE = whole_words(("that", "which", "who", "whose", "where", "when", "what", "if", "whether", "how", "as"))


def two_demands(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Two demands in one criterion: a response that meets one and not the other cannot be marked.

    Caught are a second sentence of demand, a second verb of demand ("cites sources and explains terms"), a second
    clause, two qualities in a row ("accurate and complete"), and words such as "in addition". The failing case may
    name several ways to fail. Limits: lists of English words; a second verb after a relative word is taken for part of
    the first demand, unless a comma sets it apart.
    """
    for one in written(definition, scenario):
        if "description" in one.fields and (second := _second(taken_apart(one.criterion.description).demand)):
            yield one.says("description", f"makes two demands ('{second}'); split it, or keep the one that decides")


def _second(demand: str) -> str:
    """The words that bring in a second demand; empty where there is one demand."""
    for pattern in (any_of("further"), _two_qualities(), whole_words(_CLAUSES)):
        if found := pattern.search(demand):
            return found[0]
    for found in _second_verb().finditer(demand):
        clause = demand[: found.start()].rstrip()
        if found["base"] and not _MODAL.search(clause):
            continue
        if clause.endswith((",", ";")) or not _RELATIVE.search(clause.rpartition(",")[2]):
            return found[0].strip(" ;")
    following = sentences(demand)[1:]
    return " ".join(following[0].split()[:4]) + " ..." if following else ""


@cache
def _second_verb() -> Pattern[str]:
    base, third = "|".join(words("verbs")), "|".join(map(third_person, words("verbs")))
    verb = rf"(?:(?:{third})|(?P<base>{base}))\b{_WITH_OBJECT}"
    return re.compile(rf"(?:(?<=[\s,])\b{_JOIN}|;) {_IT}{_SHALL}{verb}", re.IGNORECASE)


@cache
def _two_qualities() -> Pattern[str]:
    quality = f"(?:{'|'.join(words('qualities'))})"
    return whole_words([rf"{quality}(?:,? (?:and|as well as|but also) | ?/ ?)(?:\w+ly )?{quality}"])


def no_negative_case(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Criteria that do not say what a response looks like that fails them.

    "Fails if ..." (or when, where) says it, and so does a prohibition, or a rubric with its lowest score. Limits: it
    does not see whether the failing case is more than the demand turned round.
    """
    for one in written(definition, scenario):
        criterion = one.criterion
        if "description" not in one.fields or criterion.rubric:
            continue
        if not taken_apart(criterion.description).test and not any_of("forbids").search(criterion.description):
            yield one.says("description", "has no negative case; add a sentence that begins with 'Fails if'")
