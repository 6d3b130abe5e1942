"""How many prompts there may be of a scenario and of a group of scenarios, and whose turn it is."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from synth.pairing.draw import chance


class Candidate(NamedTuple):
    """A prompt, however many rows have it. `key` is the same for prompts that are the same; `scenario` is empty where
    it is not known as yet."""

    key: str
    scenario: str


class Quotas:
    """Counts what is taken. Auto-J has 100 prompts of each scenario at most (Li et al. 2023)."""

    def __init__(self, per_scenario: int | None, per_group: int | None, group_of: Callable[[str], str]) -> None:
        self._per_scenario, self._per_group, self._group_of = per_scenario, per_group, group_of
        self._scenarios: Counter[str] = Counter()
        self._groups: Counter[str] = Counter()

    def take(self, scenario: str) -> str:
        """Takes one more prompt of the scenario, or says why not."""
        group = self._group_of(scenario)
        if self._per_scenario is not None and self._scenarios[scenario] >= self._per_scenario:
            return f"{scenario} has its {self._per_scenario} prompts, which prompts.per_scenario allows"
        if self._per_group is not None and self._groups[group] >= self._per_group:
            return f"the group {group} has its {self._per_group} prompts, which prompts.per_group allows"
        self._scenarios[scenario] += 1
        self._groups[group] += 1
        return ""


def turn(seed: int, key: str, *, labelled: bool) -> tuple[bool, float, str]:
    """Whose turn it is, by seed and prompt alone: not by other prompts, their order or time. What people labelled is
    first."""
    return not labelled, chance(seed, "prompt", key), key


def beyond(candidates: Mapping[Candidate, bool], quotas: Quotas, seed: int) -> dict[Candidate, str]:
    """Those that there is no room for, with the reason; the others are taken. Which of them people labelled stands
    beside them. One without a scenario has room."""
    found = {}
    for one in sorted(candidates, key=lambda one: (turn(seed, one.key, labelled=candidates[one]), one.scenario)):
        if one.scenario and (why := quotas.take(one.scenario)):
            found[one] = why
    return found
