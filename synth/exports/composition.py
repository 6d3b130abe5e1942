"""What the judged pairs of a run are made of, for the card: what sways the teacher, and what is in the dataset."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from synth.domain import JudgedPair, Order, Verdict

_MOST_SOURCES = 50  # where every row has its own, a list of them tells nothing


@dataclass(slots=True)
class Composition:
    """Counts. `both_orders` are pairs that were compared in both orders, and of those the slot that won in both.

    `references` are kept pairs by where their reference is from. `decided` are kept pairs with a winner and responses
    of different length, of which the longer one won in `longer_wins`. `personal_data` counts kept pairs by the kinds of
    it in their prompts.
    """

    both_orders: int = 0
    slot_wins_twice: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    scenarios: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    personal_data: Counter[str] = field(default_factory=Counter)
    references: Counter[str] = field(default_factory=Counter)
    decided: int = 0
    longer_wins: int = 0

    def judged(self, pair: JudgedPair) -> None:
        """Any pair that was judged, before a filter settles what it says."""
        ab, ba = pair.comparison(Order.AB), pair.comparison(Order.BA)
        if ab is None or ba is None:
            return
        self.both_orders += 1
        match ab.verdict, ba.verdict:
            case Verdict.A, Verdict.B:
                self.slot_wins_twice["first"] += 1
            case Verdict.B, Verdict.A:
                self.slot_wins_twice["second"] += 1

    def kept(self, judged: JudgedPair) -> None:
        pair, verdict = judged.pair, judged.verdict
        self.verdicts[str(verdict)] += 1
        self.scenarios[pair.scenario] += 1
        if pair.source:
            self.sources[pair.source] += 1
        self.personal_data.update(pair.personal_data)
        if pair.reference:
            self.references[pair.reference_source] += 1
        longer = len(pair.response_a) - len(pair.response_b)
        if longer and verdict in (Verdict.A, Verdict.B):
            self.decided += 1
            self.longer_wins += verdict is (Verdict.A if longer > 0 else Verdict.B)

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "both_orders": self.both_orders,
            "slot_wins_twice": {slot: self.slot_wins_twice[slot] for slot in ("first", "second")},
            "verdicts": {name: self.verdicts[name] for name in ("a", "tie", "b")},
            "scenarios": dict(sorted(self.scenarios.items())),
            "sources": dict(self.sources.most_common(_MOST_SOURCES)),
            "personal_data": dict(sorted(self.personal_data.items())),
            "references": dict(sorted(self.references.items())),
            "decided": self.decided,
            "longer_wins": self.longer_wins,
        }
