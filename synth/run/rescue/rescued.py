"""What came of asking again: pairs asked about, rescued, still dropped, and how right the rescued ones are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from filters import Dropped
from synth.audit.intervals import Estimate, mean
from synth.domain import JudgedPair


@dataclass(slots=True)
class Rescued:
    """Counts pairs as they pass. `after` are those asked again by the filter that objected first, `saved` those of them
    that are kept, `lost` those dropped by the objection to their second round.

    `right` are of kept pairs with a human label, rescued or not, how many have the human's verdict and how many not.
    """

    by: str
    after: Counter[str] = field(default_factory=Counter)
    saved: Counter[str] = field(default_factory=Counter)
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    right: Counter[tuple[bool, bool]] = field(default_factory=Counter)

    def see(self, judged: JudgedPair, objection: Dropped | None) -> None:
        label = judged.pair.human_label
        if objection is None and label is not None:
            self.right[judged.again is not None, judged.verdict is label] += 1
        if judged.again is None:
            return
        self.after[judged.again.filter] += 1
        if objection is None:
            self.saved[judged.again.filter] += 1
        else:
            self.lost.setdefault(objection.filter, Counter())[objection.reason] += 1

    def agreement(self, *, rescued: bool) -> Estimate:
        """The share of verdicts that are the human's, of the rescued pairs or of those kept at once."""
        return mean(np.repeat([1.0, 0.0], [self.right[rescued, True], self.right[rescued, False]]))

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        record: dict[str, Any] = {
            "by": self.by,
            "asked_again": self.after.total(),
            "rescued": self.saved.total(),
            "still_dropped": {name: dict(sorted(reasons.items())) for name, reasons in sorted(self.lost.items())},
            "first_objection": {
                name: {"asked_again": count, "rescued": self.saved[name]} for name, count in sorted(self.after.items())
            },
        }
        if self.right:
            record["agreement"] = {
                "rescued": _record(self.agreement(rescued=True)),
                "kept_at_once": _record(self.agreement(rescued=False)),
            }
        return record

    def text(self) -> str:
        """For the terminal."""
        asked, saved = self.after.total(), self.saved.total()
        if not asked:
            return "Rescue: no pair had to be asked about again"
        reasons = [(reason, count) for found in self.lost.values() for reason, count in found.items()]
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons, key=lambda one: (-one[1], one[0])))
        first = ", ".join(f"{count} {name}" for name, count in self.after.most_common())
        lines = [
            f"Rescue by {self.by}: {asked} pairs asked again, {saved} rescued, {asked - saved} still dropped"
            + (f" ({why})" if why else ""),
            f"  asked again for: {first}",
        ]
        if self.right:
            lines.append(
                f"  agreement with human labels: rescued {self.agreement(rescued=True)}; "
                f"kept at once {self.agreement(rescued=False)}"
            )
        return "\n".join(lines)


def _record(one: Estimate) -> Mapping[str, Any]:
    values = {"value": one.value, "low": one.low, "high": one.high}
    return {name: None if value is None else round(value, 4) for name, value in values.items()} | {"n": one.n}
