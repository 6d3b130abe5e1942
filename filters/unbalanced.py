"""Drops pairs of which a set has too many: verdicts, positions, lengths, scores, scenarios."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from filters.base import Count, Drop, Share
from synth.domain import JudgedPair, Side, Verdict

_SLACK = 1e-9

Trait = tuple[str, str]  # what is counted, and what it is in this pair
Note = tuple[bytes, str, tuple[Trait, ...]]  # the pair's rank in the drawing of lots, its scenario, what is counted


@dataclass(frozen=True, slots=True)
class Unbalanced:
    """At most `per_scenario` pairs a scenario, and of what is left no share above its cap, all caps at once.

    - `verdict`: of each verdict (as a is shown first in most exports, this is the student's position bias, too).
    - `first_wins`: of pairs won by the response shown first, among those won in the one order they were shown in.
    - `longer_wins`: of pairs won by the longer response, among those won. 71% of the human labels of Auto-J's
      pairs go to the longer one, so that the default takes out only what a teacher adds.
    - `score`: of each score, among the grades given alone. Prometheus (section 3) has as many of every score.

    None caps nothing, and a cap that no choice of pairs could keep is left out. As few pairs go as a greedy choice
    finds; which ones is drawn by `seed` and the pair's id, whatever the order they come in.
    Reasons: `scenario is full`, and `too many: ` verdict, first_wins, longer_wins or score.
    """

    verdict: Share | None = 0.5
    first_wins: Share | None = 0.5
    longer_wins: Share | None = 0.7
    score: Share | None = None
    per_scenario: Count | None = None
    seed: int = 0
    name: str = "unbalanced"

    def note(self, judged: JudgedPair) -> Note:
        rank = blake2b(f"{self.seed}\0{judged.pair.id}".encode(), digest_size=8).digest()
        return rank, judged.pair.scenario, tuple(sorted(_traits(judged)))

    def drops(self, notes: Mapping[int, Note]) -> dict[int, Drop]:
        dropped: dict[int, Drop] = {}
        cells: dict[tuple[Trait, ...], array[int]] = defaultdict(lambda: array("q"))  # numbers of lots
        held: Counter[str] = Counter()
        lots = _lots(notes)
        for lot, place in enumerate(lots):
            _, scenario, traits = notes[place]
            held[scenario] += 1
            if self.per_scenario is not None and held[scenario] > self.per_scenario:
                dropped[place] = Drop("scenario is full", f"{scenario} has {self.per_scenario} pairs")
            else:
                cells[traits].append(lot)
        for lot, (family, value) in _surplus(cells, self._caps(cells)):
            dropped[lots[lot]] = Drop(f"too many: {family}", value)
        return dropped

    def _caps(self, cells: Iterable[tuple[Trait, ...]]) -> dict[Trait, float]:
        """The cap of each trait that occurs; of a family whose caps cannot all be kept, none."""
        found = sorted({trait for cell in cells for trait in cell})
        caps: dict[Trait, float] = {}
        for family, cap in (("verdict", self.verdict), ("score", self.score)):
            each = [trait for trait in found if trait[0] == family]
            if cap is not None and len(each) * cap >= 1:
                caps |= dict.fromkeys(each, cap)
        for family, value, cap in (
            ("first_wins", "first", self.first_wins),
            ("longer_wins", "longer", self.longer_wins),
        ):
            if cap is not None and sum(trait[0] == family for trait in found) > 1:
                caps[family, value] = cap
        return caps


def _traits(judged: JudgedPair) -> Iterator[Trait]:
    verdict, pair = judged.verdict, judged.pair
    if verdict is not None:
        yield "verdict", str(verdict)
    for grade in judged.grades:
        yield "score", f"{grade.score:g}"
    if verdict not in (Verdict.A, Verdict.B):
        return
    winner = Side(str(verdict))
    if len(judged.comparisons) == 1 and not judged.carried:
        yield "first_wins", "first" if judged.comparisons[0].order.first is winner else "second"
    ahead = len(pair.response(winner)) - len(pair.response(winner.other))
    if ahead:
        yield "longer_wins", "longer" if ahead > 0 else "shorter"


def _lots(notes: Mapping[int, Note]) -> "array[int]":
    """The places in the order that is drawn for them."""
    import numpy as np

    places, ranks = array("q", notes), bytearray()
    for rank, _, _ in notes.values():
        ranks += rank
    return array("q", np.asarray(places)[np.argsort(np.frombuffer(ranks, ">u8"), kind="stable")].tobytes())


def _surplus(
    cells: Mapping[tuple[Trait, ...], "array[int]"], caps: Mapping[Trait, float]
) -> Iterator[tuple[int, Trait]]:
    """Take pairs out of the cell that is furthest above the caps, the last of the lots first, until all are kept."""
    counts: Counter[Trait] = Counter()
    for cell, members in cells.items():
        for trait in cell:
            counts[trait] += len(members)
    totals: Counter[str] = Counter()
    for (family, _), count in counts.items():
        totals[family] += count
    while over := {
        trait: excess for trait, cap in caps.items() if (excess := counts[trait] - cap * totals[trait[0]]) > _SLACK
    }:

        def gain(cell: tuple[Trait, ...], over: dict[Trait, float] = over) -> float:
            families = Counter(family for family, _ in cell)
            return sum(excess * (cell.count(t) - caps[t] * families[t[0]]) for t, excess in over.items())

        cell = max((one for one in cells if cells[one]), key=lambda one: (round(gain(one), 6), cells[one][-1]))
        cause = max((t for t in over if t in cell), key=lambda t: (over[t], t[0]))
        for _ in range(max(1, int(min(over.values())) // 8)):
            if not cells[cell]:
                break
            yield cells[cell].pop(), cause
            for trait in cell:
                counts[trait] -= 1
                totals[trait[0]] -= 1
