"""Tables in parts that belong together, so that several processes can each read one. Pure."""

from collections.abc import Iterator, Sequence
from itertools import islice


def parted(leading: Iterator[str], following: Sequence[Iterator[str]], sizes: Sequence[int]) -> list[tuple[range, ...]]:
    """Numbers of the rows of each table in each part, as many of the leading one as `sizes` says.

    All are ids, in one order: those of the leading table once each, those of the others any number of times.
    """
    behind = [_Follower(names) for names in following]
    parts: list[tuple[range, ...]] = []
    at = 0
    for size in sizes:
        starts = [one.at for one in behind]
        for name in islice(leading, size):
            for one in behind:
                one.pass_by(name)
        parts.append((range(at, at + size), *(range(start, one.at) for start, one in zip(starts, behind, strict=True))))
        at += size
    return parts


class _Follower:
    def __init__(self, names: Iterator[str]) -> None:
        self.at = 0
        self._names = names
        self._next = next(names, None)

    def pass_by(self, name: str) -> None:
        while self._next == name:
            self.at += 1
            self._next = next(self._names, None)
