"""What a filter is: a pure function of one judged pair."""

from dataclasses import dataclass
from typing import Protocol

from synth.domain import JudgedPair


@dataclass(frozen=True, slots=True)
class Drop:
    """Why a pair is dropped: a short `reason` to count by, and the `detail` of this pair."""

    reason: str
    detail: str


class Filter(Protocol):
    """Keeps a pair (None) or drops it. It must not depend on which response is called a, nor on other pairs."""

    @property
    def name(self) -> str: ...

    def __call__(self, judged: JudgedPair) -> Drop | None: ...
