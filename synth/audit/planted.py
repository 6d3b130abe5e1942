"""How often a teacher finds planted flaws: its verdicts over pairs of which the right one is known by construction."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from synth.audit.intervals import LEVEL, Estimate, mean, share
from synth.audit.report import rounded
from synth.domain import JudgedPair, Side, Verdict


@dataclass(frozen=True, slots=True)
class Detection:
    """Shares of `pairs` with a planted flaw, over those that were judged so and could be read.

    `both_orders`: the response without the flaw wins in both orders. `flawed_first`, `flawed_second`: it wins in the
    order that shows the flawed response in that slot. `ties` and `flawed_wins` are what the others of both orders say;
    their intervals are drawn by pair, as the two comparisons of a pair are no two observations. `grades`: it is graded
    higher, each response alone.
    """

    pairs: int
    both_orders: Estimate
    flawed_first: Estimate
    flawed_second: Estimate
    ties: Estimate
    flawed_wins: Estimate
    grades: Estimate


@dataclass(frozen=True, slots=True)
class PlantedReport:
    """Over all pairs with a planted flaw, and by flaw."""

    all: Detection
    flaws: dict[str, Detection]

    def record(self) -> dict[str, Any]:
        """For JSON, numbers to four digits."""
        return {"level": LEVEL, **rounded(asdict(self))}


def detections(judged_pairs: Iterable[JudgedPair]) -> PlantedReport:
    """Of a run's pairs, of which those without a planted flaw say nothing."""
    by_flaw: dict[str, list[JudgedPair]] = {}
    for one in judged_pairs:
        if one.pair.flawed is not None:
            by_flaw.setdefault(one.pair.planted, []).append(one)
    every = [one for group in by_flaw.values() for one in group]
    return PlantedReport(_detection(every), {name: _detection(by_flaw[name]) for name in sorted(by_flaw)})


def _detection(pairs: Sequence[JudgedPair]) -> Detection:
    """In numbers: 1 where the sound response wins, -1 where the flawed one does, 0 for a tie."""
    first = [_won(one, flawed_first=True) for one in pairs]
    second = [_won(one, flawed_first=False) for one in pairs]
    twice = [(one, other) for one, other in zip(first, second, strict=True) if one is not None and other is not None]
    graded = [above for one in pairs if (above := _graded_higher(one)) is not None]
    return Detection(
        pairs=len(pairs),
        both_orders=share(sum(both == (1, 1) for both in twice), len(twice)),
        flawed_first=_found(first),
        flawed_second=_found(second),
        ties=_of_both(twice, 0),
        flawed_wins=_of_both(twice, -1),
        grades=share(sum(graded), len(graded)),
    )


def _won(judged: JudgedPair, *, flawed_first: bool) -> int | None:
    flawed = judged.pair.flawed
    compared = next((one for one in judged.comparisons if (one.order.first is flawed) is flawed_first), None)
    if compared is None:
        return None
    return 0 if compared.verdict is Verdict.TIE else 1 if Side(compared.verdict) is not flawed else -1


def _found(won: Sequence[int | None]) -> Estimate:
    read = [one for one in won if one is not None]
    return share(read.count(1), len(read))


def _of_both(twice: Sequence[tuple[int, int]], said: int) -> Estimate:
    return mean(np.array([both.count(said) / 2 for both in twice]))


def _graded_higher(judged: JudgedPair) -> bool | None:
    flawed = judged.pair.flawed
    if flawed is None:
        return None
    sound, spoilt = judged.grade(flawed.other), judged.grade(flawed)
    return sound.score > spoilt.score if sound and spoilt else None
