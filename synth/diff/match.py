"""Which row of the one version is which of the other."""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from synth.diff.version import Row
from synth.domain import Verdict

_TURNED = {Verdict.A: Verdict.B, Verdict.B: Verdict.A, Verdict.TIE: Verdict.TIE}


class Match(NamedTuple):
    """A row of either version; None where it has none. `swapped` where a is called b in the other."""

    old: Row | None
    new: Row | None
    swapped: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """The new one, by the identities of the old version."""
        found = self.new.verdict if self.new else None
        return _TURNED[found] if found and self.swapped else found


def matched(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Match]:
    """First the pairs that are the same in id and content, then those of one content, then those of one id.

    Content goes before the id, as ids that are numbers of rows name other pairs once a row is put in. Rows come in the
    order of the new version, those that are gone at the end.
    """
    partner: dict[int, int] = {}  # place in new -> place in old
    free = dict.fromkeys(range(len(old)))
    for key in (_both, _content, _id):
        places: dict[Hashable, deque[int]] = defaultdict(deque)
        for place in free:
            places[key(old[place])].append(place)
        for place, row in enumerate(new):
            if place not in partner and (found := places.get(key(row))):
                partner[place] = found.popleft()
                del free[partner[place]]
    for place, row in enumerate(new):
        before = old[partner[place]] if place in partner else None
        swapped = before is not None and before.content == row.content and before.first is not row.first
        yield Match(before, row, swapped)
    for place in free:
        yield Match(old[place], None)


def _both(row: Row) -> Hashable:
    return row.id, row.content


def _content(row: Row) -> Hashable:
    return row.content


def _id(row: Row) -> Hashable:
    return row.id
