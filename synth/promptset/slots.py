"""What each prompt that is to be written shall be: its scenario, its attributes, and what its writer is shown.

Draws depend on the seed, the scenario and the number in it, so that more prompts begin with those of fewer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from synth.pairing.draw import chance

# What prompts to chat models differ in, whatever they are about. Values stand in the ask as they are.
ATTRIBUTES: Mapping[str, Sequence[str]] = {
    "length": (
        "one short sentence",
        "two or three sentences",
        "a paragraph",
        "paragraphs with all particulars",
    ),
    "expertise of the writer": ("a beginner", "somebody with some experience", "an expert"),
    "tone": ("neutral", "friendly", "curt", "worried or annoyed", "formal"),
    "answer wanted": ("not said", "short", "in steps or as a list", "in depth", "in a form that the prompt names"),
}
EXAMPLES = 3  # shown with an ask

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slot:
    """A prompt that is to be written, `number` of its scenario (from 1)."""

    scenario: str
    number: int
    attributes: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"generated-{self.scenario}-{self.number}"


def attributes(own: Mapping[str, Sequence[str]], languages: Sequence[str]) -> dict[str, Sequence[str]]:
    """The built-in ones, with the user's beside them or in their place; `languages` are names of languages."""
    every = {**ATTRIBUTES, **({"language": languages} if languages else {}), **own}
    return {name: values for name, values in every.items() if values}


def slots(
    scenarios: Sequence[str], *, per_scenario: int | None, total: int | None, of: Mapping[str, Sequence[str]], seed: int
) -> list[Slot]:
    """The first of each scenario, then the second of each: whatever is cut off at the end, all scenarios are there."""
    each = per_scenario if per_scenario is not None else -(-(total or 0) // len(scenarios))
    turns = sorted(scenarios, key=lambda name: (chance(seed, "scenario", name), name))
    made = [Slot(name, number, _drawn(name, number, of, seed)) for number in range(1, each + 1) for name in turns]
    return made[:total]


def _drawn(scenario: str, number: int, of: Mapping[str, Sequence[str]], seed: int) -> tuple[tuple[str, str], ...]:
    """Each value of an attribute once before one comes again, in an order of its own each time round."""
    found = []
    for name, values in of.items():
        time_round, place = divmod(number - 1, len(values))
        order = sorted(values, key=lambda value: chance(seed, "attribute", scenario, name, str(time_round), value))
        found.append((name, order[place]))
    return tuple(found)


def mixed(things: Sequence[T], seed: int, *of: str) -> list[T]:
    """All of them, in an order by lot."""
    return [things[at] for at in sorted(range(len(things)), key=lambda at: chance(seed, *of, str(at)))]


def some(things: Sequence[T], most: int, seed: int, *of: str) -> list[T]:
    """A few of them by lot, each once; perhaps fewer than `most`."""
    places = dict.fromkeys(int(chance(seed, *of, str(turn)) * len(things)) for turn in range(most))
    return [things[at] for at in places] if things else []
