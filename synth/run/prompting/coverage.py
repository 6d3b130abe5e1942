"""How many prompts were written of what was wanted, by scenario and attribute, and how many were refused."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from synth.promptset.writing import Tried


@dataclass(slots=True)
class Coverage:
    """Counts prompts that were taken, and tries that were refused, by what was asked for: `scenario`, attributes."""

    model: str
    wanted: int
    taken: dict[str, Counter[str]] = field(default_factory=dict)
    refused: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    prompts: int = 0

    def see(self, one: Tried) -> None:
        counted = self.taken if one.taken else self.refused
        self.prompts += one.taken
        if one.objection:
            self.reasons[one.objection.reason] += 1
        for name, value in (("scenario", one.wanted.slot.scenario), *one.wanted.slot.attributes):
            self.taken.setdefault(name, Counter())[value] += 0  # a value that nothing came of is told, too
            counted.setdefault(name, Counter())[value] += 1

    def refusals(self) -> str:
        """The reasons in words."""
        said = ", ".join(f"{count} {reason}" for reason, count in self.reasons.most_common())
        return f"refused: {said}" if said else "none was refused"

    def lines(self) -> Iterator[str]:
        """For the terminal: one on all of them, then one for the scenarios and for each attribute."""
        yield f"{self.prompts} prompts written by {self.model}, of {self.wanted} wanted; {self.refusals()}"
        for name, values in self.taken.items():
            yield f"  {name}: {', '.join(self._told(name, value, count) for value, count in sorted(values.items()))}"

    def _told(self, name: str, value: str, count: int) -> str:
        refused = self.refused.get(name, Counter())[value]
        return f"{value} {count}{f' ({refused} refused)' if refused else ''}"

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "prompts": self.prompts,
            "wanted": self.wanted,
            "refused": dict(sorted(self.reasons.items())),
            "coverage": {
                name: {
                    value: {"prompts": count, "refused": self.refused.get(name, Counter())[value]}
                    for value, count in sorted(values.items())
                }
                for name, values in self.taken.items()
            },
        }
