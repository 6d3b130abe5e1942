"""Shares groups of pairs out to splits, so that each split has its share of every kind of pair."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Kind = tuple[str, str]  # scenario and verdict
Kinds = tuple[tuple[Kind, int], ...]  # how many there are of each
Counts = tuple[tuple[int, int], ...]  # of each trait, by its number


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that stay together: how many there are of each kind, and the group's own point between 0 and 1."""

    point: float
    kinds: Kinds


def home(point: float, shares: Sequence[float]) -> int:
    """The split that a point falls into, where the splits lie one after the other, each as long as its share."""
    reached = 0.0
    for place, share in enumerate(shares):
        reached += share
        if point < reached:
            return place
    return len(shares) - 1


def assigned(groups: Sequence[Group], shares: Sequence[float]) -> list[int]:
    """The split of each group, by its place among the `shares` (which add up to 1).

    A group is at home in the split that its point falls into. A split takes no more than its share, rounded up, of all
    pairs, of a scenario, of a verdict and of a verdict in a scenario; a group that is one too many goes to the split
    that lacks most (in the way of iterative stratification, Sechidis et al. 2011). Large groups choose first, then
    those furthest from the border to another split. The result does not depend on the order of the groups.
    """
    import numpy as np

    numbers: dict[Hashable, int] = {}
    of_kinds = {kinds: _traits(kinds, numbers) for kinds in dict.fromkeys(group.kinds for group in groups)}
    traits = [of_kinds[group.kinds] for group in groups]
    totals = [0] * len(numbers)
    for counts in traits:
        for trait, count in counts:
            totals[trait] += count
    wanted = [[share * total for total in totals] for share in shares]
    # What each split may still take of each trait.
    room = [[math.ceil(want - 1e-9) for want in each] for each in wanted]
    spare = [[most - want for most, want in zip(*both, strict=True)] for both in zip(room, wanted, strict=True)]
    splits = range(len(shares))

    def over(split: int, counts: Counts) -> tuple[float, float]:
        """By how many pairs the split would be above its caps, and how much further from its shares (chi-squared)."""
        left = room[split]
        excess = sum(max(0, count - max(0, left[trait])) for trait, count in counts)
        further = sum(
            count * (2 * (spare[split][trait] - left[trait]) + count) / wanted[split][trait] for trait, count in counts
        )
        return excess, further

    sizes = np.array([sum(count for _, count in group.kinds) for group in groups])
    points = np.array([group.point for group in groups])
    result = [home(group.point, shares) for group in groups]
    margins = np.array([_margin(group.point, at, shares) for group, at in zip(groups, result, strict=True)])
    for place in np.lexsort((points, -margins, -sizes)).tolist():
        counts, split = traits[place], result[place]
        if any(count > room[split][trait] for trait, count in counts):
            at = split
            split = min(splits, key=lambda one: (*over(one, counts), one != at, one))
        result[place] = split
        left = room[split]
        for trait, count in counts:
            left[trait] -= count
    return result


def _traits(kinds: Kinds, numbers: dict[Hashable, int]) -> Counts:
    """What is counted of such a group: all its pairs, each scenario, each verdict, each verdict in a scenario."""
    found: dict[int, int] = {}
    for (scenario, verdict), count in kinds:
        for trait in ((), ("scenario", scenario), ("verdict", verdict), (scenario, verdict, "both")):
            number = numbers.setdefault(trait, len(numbers))
            found[number] = found.get(number, 0) + count
    return tuple(found.items())


def _margin(point: float, split: int, shares: Sequence[float]) -> float:
    """How far a point is from the next split, in lengths of its own; 0 at the border."""
    start = sum(shares[:split])
    ends = [point - start] if split else []
    ends += [start + shares[split] - point] if split < len(shares) - 1 else []
    return min(ends, default=1.0) / shares[split]
