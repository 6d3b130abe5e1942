"""What differs between two versions, counted, with how far their verdicts agree."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from synth.audit.agreement import agreement, cohens_kappa
from synth.audit.intervals import LEVEL, Array, Estimate
from synth.audit.labelled import SIGN
from synth.diff.causes import Causes, asked_otherwise, of_fate, of_verdict
from synth.diff.match import Match, matched
from synth.diff.version import Row, Version

_DIGITS = 4
_NEW, _NEW_OR_DROPPED = "new", "new, or not kept before"


class Kind(StrEnum):
    """What became of a pair. `flipped` pairs are kept in both versions, with another verdict."""

    ADDED = "added"
    GONE = "gone"
    FLIPPED = "verdict flipped"
    DROPPED = "dropped now"
    KEPT = "kept now"


@dataclass(frozen=True, slots=True)
class Change:
    """A pair that is not what it was. `why` are the causes; of what came and went, whether it is or was kept."""

    kind: Kind
    why: str
    match: Match

    def record(self) -> dict[str, Any]:
        """Verdicts are by the identities of the old version, where the pair is in it."""
        old, new = self.match.old, self.match.new
        return {
            "change": str(self.kind),
            "why": self.why,
            "old": _told(old, old.verdict) if old else None,
            "new": _told(new, self.match.verdict) if new else None,
            "swapped": self.match.swapped,
            "prompt": new.shown if new else old.shown if old else "",
        }


@dataclass(frozen=True, slots=True)
class Size:
    """A version's pairs. `judged` is None where only the kept ones are known."""

    name: str
    judged: int | None
    kept: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the verdicts of pairs that are in both versions, whatever they are."""

    agreement: Estimate
    cohens_kappa: Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """`unchanged` pairs are kept in both with the same verdict, or dropped in both. Of the new version's pairs,
    `asked_alike` are asked what they were asked before, and `asked_anew` counts the others by why.

    `judged` is over the pairs that have a verdict in both, `kept` over those that are kept in both.
    """

    old: Size
    new: Size
    unchanged: int
    changes: tuple[Change, ...]
    asked_alike: int
    asked_anew: Mapping[str, int]
    judged: Agreement
    kept: Agreement

    def count(self, kind: Kind) -> Counter[str]:
        """How many pairs changed so, by why."""
        return Counter(one.why for one in self.changes if one.kind is kind)

    def examples(self, each: int) -> list[Change]:
        """The first pairs of each kind; flips and fates before what came and went."""
        order = (Kind.FLIPPED, Kind.DROPPED, Kind.KEPT, Kind.ADDED, Kind.GONE)
        return [one for kind in order for one in [one for one in self.changes if one.kind is kind][:each]]

    def record(self, examples: int = 0) -> dict[str, Any]:
        """For JSON, numbers to four digits."""
        made: dict[str, Any] = {
            "old": asdict(self.old),
            "new": asdict(self.new),
            "unchanged": self.unchanged,
            "changes": {str(kind): dict(self.count(kind).most_common()) for kind in Kind},
            "asked_alike": self.asked_alike,
            "asked_anew": dict(self.asked_anew),
            "level": LEVEL,
            "judged": _rounded(asdict(self.judged)),
            "kept": _rounded(asdict(self.kept)),
        }
        return made | ({"examples": [one.record() for one in self.examples(examples)]} if examples else {})


def compare(old: Version, new: Version) -> Difference:
    """Every pair of both versions, matched as `synth.diff.match` has it."""
    changes: list[Change] = []
    unchanged = alike = 0
    anew: Counter[str] = Counter()
    verdicts: list[tuple[float, float, bool]] = []
    for match in matched(old.rows, new.rows):
        if match.new is not None:
            why = _why_asked(match, old, new)
            anew.update([why] if why else [])
            alike += not why
        if match.old is not None and match.new is not None:
            both_kept = not match.old.dropped and not match.new.dropped
            verdicts.append((SIGN[match.old.verdict], SIGN[match.verdict], both_kept))
        change = _change(match, old, new)
        unchanged += change is None
        changes += [change] if change else []
    return Difference(
        old=_size(old),
        new=_size(new),
        unchanged=unchanged,
        changes=tuple(changes),
        asked_alike=alike,
        asked_anew=dict(anew.most_common()),
        judged=_agreement(verdicts, lambda kept: True),
        kept=_agreement(verdicts, lambda kept: kept),
    )


def _why_asked(match: Match, old: Version, new: Version) -> str:
    """Why a pair of the new version is asked what it was not asked before; empty where it is not."""
    assert match.new is not None
    if match.old is None:
        return _NEW if old.whole else _NEW_OR_DROPPED
    return _named(asked_otherwise(match.old, match.new, old.made, new.made))


def _change(match: Match, old: Version, new: Version) -> Change | None:
    before, after = match.old, match.new
    if before is None or after is None:
        there = before or after
        assert there is not None
        kind = Kind.GONE if before else Kind.ADDED
        return Change(kind, "dropped" if there.dropped else "kept", match)
    if bool(before.dropped) != bool(after.dropped):
        kind = Kind.DROPPED if after.dropped else Kind.KEPT
        return Change(kind, _named(of_fate(before, after, old.made, new.made)), match)
    if not after.dropped and before.verdict is not match.verdict:
        return Change(Kind.FLIPPED, _named(of_verdict(before, after, old.made, new.made)), match)
    return None


def _named(causes: Causes) -> str:
    return " + ".join(causes)


def _size(version: Version) -> Size:
    kept = sum(not row.dropped for row in version.rows)
    return Size(version.name, len(version.rows) if version.whole else None, kept)


def _agreement(verdicts: Sequence[tuple[float, float, bool]], counts: Callable[[bool], bool]) -> Agreement:
    old, new = _columns((before, after) for before, after, kept in verdicts if counts(kept))
    return Agreement(agreement(new, old), cohens_kappa(new, old))


def _columns(pairs: Iterable[tuple[float, float]]) -> tuple[Array, Array]:
    table = np.array(list(pairs), dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _told(row: Row, verdict: Any) -> dict[str, Any]:
    return {"id": row.id, "scenario": row.scenario, "verdict": str(verdict or ""), "dropped": row.dropped}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value
