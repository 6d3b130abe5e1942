"""What a filter is: a pure function of one judged pair, or of the whole set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, runtime_checkable

from annotated_types import Ge, Gt, Le

from synth.domain import JudgedPair, Verdict

# Types of parameters, with their bounds.
Count = Annotated[int, Ge(1)]
Margin = Annotated[float, Ge(0)]
Share = Annotated[float, Gt(0), Le(1)]


@dataclass(frozen=True, slots=True)
class Drop:
    """Why a pair is dropped: a short `reason` to count by, and the `detail` of this pair."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Settle:
    """Keeps a pair whose judgments differ, with this verdict."""

    verdict: Verdict


@runtime_checkable
class Filter(Protocol):
    """Keeps a pair (None), drops it, or settles its verdict.

    It must not depend on which response is called a, nor on other pairs.
    """

    @property
    def name(self) -> str: ...

    def __call__(self, judged: JudgedPair) -> Drop | Settle | None: ...


@runtime_checkable
class SetFilter(Protocol):
    """Drops pairs for what the whole set holds.

    `note` is what it needs to know of one pair, which stays small: a million of them are held, pickled. `drops` gets
    the notes of all pairs that are left, by place in the set, and says which to drop. Both are pure.
    """

    @property
    def name(self) -> str: ...

    def note(self, judged: JudgedPair) -> Any: ...

    def drops(self, notes: Mapping[int, Any]) -> Mapping[int, Drop]: ...


def first(drops: Iterable[Drop]) -> Drop | None:
    """The drop whose reason comes first in the alphabet; by place, it would depend on which response is called a."""
    return min(drops, key=lambda drop: drop.reason, default=None)
