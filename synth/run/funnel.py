"""How many pairs passed each stage, and why the others did not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What people call the pairs that passed a filter.
_PASSED = {
    "malformed": "readable",
    "inconsistent": "consistent",
    "order_unstable": "order-stable",
    "protocols_disagree": "agreed upon",
    "off_target": "on target",
    "degenerate": "worth judging",
    "injected": "unswayed",
    "shallow": "reasoned",
    "leaky": "self-contained",
    "contaminated": "in no benchmark",
    "ungrounded": "grounded",
    "boilerplate": "specific",
    "intransitive": "transitive",
    "duplicate": "distinct",
    "unbalanced": "balanced",
}


@dataclass(slots=True)
class Funnel:
    """Counts rows by where they ended. `filters` are the names of the filters, in their order.

    `prompts_in` is the number of rows where pairs were made of them, 0 where each row is a pair.
    """

    filters: Sequence[str]
    set_aside: Counter[str] = field(default_factory=Counter)
    not_reached: int = 0
    dropped: dict[str, Counter[str]] = field(default_factory=dict)
    kept: int = 0
    prompts_in: int = 0

    @classmethod
    def of(cls, record: Mapping[str, Any], filters: Sequence[str]) -> "Funnel":
        """From what `record` gave; JSON does not keep the order of the filters."""
        dropped = {name: Counter(reasons) for name, reasons in record["dropped"].items()}
        set_aside = Counter(record["set_aside"])
        return cls(filters, set_aside, record["beyond_limit"], dropped, record["kept"], record["rows"])

    def drop(self, by: str, reason: str) -> None:
        self.dropped.setdefault(by, Counter())[reason] += 1

    @property
    def judged(self) -> int:
        return self.kept + sum(sum(reasons.values()) for reasons in self.dropped.values())

    @property
    def rows(self) -> int:
        return self.prompts_in or self.judged + self.not_reached + sum(self.set_aside.values())

    def stages(self) -> Iterable[tuple[str, int, dict[str, int]]]:
        """Name, pairs left, and reasons of those that left at this stage."""
        yield "rows", self.rows, {}
        left_out = dict(self.set_aside) | ({"beyond data.limit": self.not_reached} if self.not_reached else {})
        left = self.judged
        yield "pairs judged", left, left_out
        for name in self.filters:
            reasons = self.dropped.get(name, Counter())
            left -= sum(reasons.values())
            yield _PASSED.get(name, f"passed {name}"), left, dict(reasons.most_common())
        yield "kept", self.kept, {}

    def record(self) -> dict[str, object]:
        return {
            "rows": self.rows,
            "set_aside": dict(sorted(self.set_aside.items())),
            "beyond_limit": self.not_reached,
            "judged": self.judged,
            "dropped": {name: dict(sorted(self.dropped.get(name, {}).items())) for name in self.filters},
            "kept": self.kept,
        }

    def text(self) -> str:
        """A table for the terminal, with a bar for the eye."""
        top = max(self.judged, 1)
        lines = []
        for name, left, reasons in self.stages():
            bar = "█" * round(24 * min(left, top) / top)
            why = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
            lines.append(f"  {name:<16}{left:>7}  {bar:<24}  {'- ' + why if why else ''}".rstrip())
        return "\n".join(lines)
