"""The rule about criteria that say the same; the one door to rapidfuzz."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from rapidfuzz import fuzz, utils

from synth.scenario.definition import Definition
from synth.scenario.lint.finding import Finding, written
from synth.scenario.lint.wording import taken_apart, third_person, words
from synth.scenario.model import Criterion, Scenario

_WHOLE, _DEMAND = 66.0, 72.0
_SAME_DEMAND = 90.0
"""Of 100: two descriptions count as alike if both they and their demands are, or if the demands are nearly the same.
Among the built-in scenarios the most alike descriptions come to 63, the most alike demands to 75."""


def near_duplicate(definition: Definition, scenario: Scenario) -> Iterator[Finding]:
    """Two criteria of a scenario, own or inherited, that are worded alike: one fault would count twice.

    Compared are the content words of the descriptions and of the demands alone, whatever their order, by rapidfuzz's
    token ratios. Limits: it knows words and not meanings, so the same demand in other words passes. What stands
    twice in what is inherited is another file's business, unless this one brings it together by extending several.
    """
    place = {one.criterion.name: one.keys for one in written(definition, scenario)}
    several = len(definition.values.get("extends", ())) > 1
    for first, second in combinations(scenario.criteria, 2):
        own = second if second.name in place else first
        if own.name not in place and (not several or first.origin == second.origin):
            continue
        if alike := _alike(first, second):
            other = first if own is second else second
            yield Finding(
                place.get(own.name, ("extends",)),
                f"criterion '{own.name}' says nearly the same as '{other.name}' from '{other.origin}' "
                f"({alike:.0f} of 100 alike); drop one, or say what sets them apart",
            )


def _alike(first: Criterion, second: Criterion) -> float:
    """How alike the demands are, of 100; 0 where the criteria do not count as alike."""
    demand = _ratio(*(taken_apart(one.description).demand for one in (first, second)))
    if demand >= _SAME_DEMAND:
        return demand
    return demand if demand >= _DEMAND and _ratio(first.description, second.description) >= _WHOLE else 0


def _ratio(first: str, second: str) -> float:
    return fuzz.token_sort_ratio(_content(first), _content(second)) if _content(first) and _content(second) else 0


def _content(text: str) -> str:
    """The words that carry meaning, in lower case."""
    return " ".join(word for word in utils.default_process(text).split() if word not in _empty())


@cache
def _empty() -> frozenset[str]:
    verbs = words("verbs")
    return frozenset((*words("empty"), *verbs, *map(third_person, verbs)))
