"""What each filter does to agreement with people: alone, and in its place among the others.

A filter is worth its drops where the labels that are left are right more often. Self-consistency does not see to that:
a teacher that is wrong in the same way each time gets worse under it (LLMBar's ChatGPT recordings: 40.6% right in one
order, 34.8% where both orders agree).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.audit.intervals import Counts, Estimate, mean, of_table

_UNLIKELY = 0.025


@dataclass(frozen=True, slots=True)
class State:
    """A labelled pair at some point: still there or dropped, and whether its label is the human's; None without one."""

    there: bool
    right: bool | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled pair before any filter, after each filter alone, and after each of them one after the other."""

    before: State
    alone: Sequence[State]
    in_sequence: Sequence[State]


@dataclass(frozen=True, slots=True)
class Lift:
    """`dropped` of the labelled pairs that came in. `change` is of the agreement, on the same resamples.

    `chance` is how likely it is that as many right labels go where as many are drawn blindly (Fisher's exact test);
    1 where agreement does not fall.
    """

    dropped: int
    before: Estimate
    after: Estimate
    change: Estimate
    chance: float

    @property
    def falls(self) -> bool:
        """By more than the third decimal, which is all that is shown."""
        return self.change.value is not None and self.change.value < -0.0005

    @property
    def beyond_chance(self) -> bool:
        return self.chance < _UNLIKELY

    def record(self) -> dict[str, Any]:
        return {
            "dropped": self.dropped,
            "before": _record(self.before),
            "after": _record(self.after),
            "change": _record(self.change),
        }


@dataclass(frozen=True, slots=True)
class FilterLift:
    """Of `labelled` pairs; the filters by name, in the order they run."""

    labelled: int
    before: Estimate
    alone: dict[str, Lift]
    in_sequence: dict[str, Lift]

    def warnings(self) -> list[str]:
        """A line for each filter under which agreement falls."""
        return [
            f"{name} {how}: agreement falls from {lift.before.value:.3f} to {lift.after.value:.3f}"
            + (", beyond chance" if lift.beyond_chance else ", which may be chance")
            for how, lifts in (("alone", self.alone), ("in sequence", self.in_sequence))
            for name, lift in lifts.items()
            if lift.falls
        ]

    def record(self) -> dict[str, Any]:
        return {
            "labelled": self.labelled,
            "before": _record(self.before),
            "alone": {name: lift.record() for name, lift in self.alone.items()},
            "in_sequence": {name: lift.record() for name, lift in self.in_sequence.items()},
            "warnings": self.warnings(),
        }


# A pair goes from one state to the next: of no label, right, wrong; and to none of these, dropped.
_NO_LABEL, _RIGHT, _WRONG, _DROPPED = range(4)


def filter_lift(names: Sequence[str], seen: Iterable[Seen]) -> FilterLift:
    """`names` are the filters, in the order of each pair's states. Pairs are counted as they pass and not held."""
    alone = np.zeros((len(names), 4, 4), dtype=np.int64)
    sequence = np.zeros((len(names), 4, 4), dtype=np.int64)
    start = np.zeros(4, dtype=np.int64)
    for one in seen:
        before = _place(one.before)
        start[before] += 1
        last = before
        for index, (by_itself, in_turn) in enumerate(zip(one.alone, one.in_sequence, strict=True)):
            alone[index, before, _place(by_itself)] += 1
            sequence[index, last, last := _place(in_turn)] += 1
    return FilterLift(
        labelled=int(start.sum()),
        before=mean(np.repeat([1.0, 0.0], start[[_RIGHT, _WRONG]])),
        alone={name: _lift(moves) for name, moves in zip(names, alone, strict=True)},
        in_sequence={name: _lift(moves) for name, moves in zip(names, sequence, strict=True)},
    )


def _place(state: State) -> int:
    if not state.there:
        return _DROPPED
    return _NO_LABEL if state.right is None else _RIGHT if state.right else _WRONG


def _lift(moves: Counts) -> Lift:
    """From a table of states before by states after."""
    came = moves[:_DROPPED]
    change = of_table(came, lambda tables: _right(tables.sum(axis=-2)) - _right(tables.sum(axis=-1)))
    return Lift(
        dropped=int(came[:, _DROPPED].sum()),
        before=_share(came.sum(axis=1)),
        after=_share(came.sum(axis=0)),
        change=change,
        chance=_chance(came) if (change.value or 0) < 0 else 1.0,
    )


def _chance(came: Counts) -> float:
    """Of the labels that are no longer what they were, dropped or settled anew: were so many right by chance?"""
    from scipy.stats import hypergeom

    labelled = came[[_RIGHT, _WRONG]]
    right, wrong = (int(count) for count in labelled.sum(axis=1))
    lost_right, lost_wrong = right - int(came[_RIGHT, _RIGHT]), wrong - int(came[_WRONG, _WRONG])
    return float(hypergeom.sf(lost_right - 1, right + wrong, right, lost_right + lost_wrong))


def _share(states: Counts) -> Estimate:
    return mean(np.repeat([1.0, 0.0], states[[_RIGHT, _WRONG]]))


def _right(states: Counts) -> Any:
    return states[..., _RIGHT] / (states[..., _RIGHT] + states[..., _WRONG])


def _record(one: Estimate) -> dict[str, Any]:
    rounded = {
        name: None if value is None else round(value, 4)
        for name, value in (("value", one.value), ("low", one.low), ("high", one.high))
    }
    return {**rounded, "n": one.n}
