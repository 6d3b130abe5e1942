"""The one door to rensa: which texts are nearly the same, by MinHash over three-word shingles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Hashes = np.ndarray[Any, Any]

_SHINGLE = 3  # words
_CROWD = 500  # rows of one band that are compared with each other


def shingles(tokens: Sequence[str]) -> list[str]:
    if len(tokens) < _SHINGLE:
        return [" ".join(tokens)]
    return list(map(" ".join, zip(*(tokens[place:] for place in range(_SHINGLE)), strict=False)))


def minhash(shingles: list[str], size: int) -> bytes:
    """`size` values of 16 bits, which will do: unlike ones are equal once in 65,536 times."""
    import numpy as np
    from rensa import RMinHash

    one = RMinHash(num_perm=size, seed=0)
    one.update(shingles)
    return np.array(one.digest(), np.uint32).astype(np.uint16).tobytes()


def meeting(
    hashes: "Hashes", bands: int, rows: int, alike: Callable[["Hashes", "Hashes"], "Hashes"]
) -> Iterator[tuple[int, int]]:
    """Pairs of rows that meet in a band of MinHash values (Leskovec et al., Mining of Massive Datasets, 3.4).

    `hashes` has a row of 16-bit values for each text, `bands` times `rows` of which are looked at; `rows` is 4 or 8.
    `alike` compares one row with several. A crowd that meets in one band (as texts from one template do) must meet in
    the next, too.
    """
    for band in range(bands):
        for group in _groups(hashes, _all(hashes), band, rows):
            yield from _in_group(hashes, group, alike, (band, bands, rows))


def roots(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each of so many rows the first row of its cluster, where each of the pairs is in one cluster."""
    leader = list(range(count))
    for one, other in pairs:
        a, b = _root(leader, one), _root(leader, other)
        leader[max(a, b)] = min(a, b)
    return [_root(leader, one) for one in range(count)]


def _all(hashes: "Hashes") -> "Hashes":
    import numpy as np

    return np.arange(len(hashes))


def _groups(hashes: "Hashes", members: "Hashes", band: int, rows: int) -> Iterator["Hashes"]:
    import numpy as np

    keys = np.ascontiguousarray(hashes[members, band * rows : (band + 1) * rows]).view(np.uint64)
    mixed = keys[:, 0]
    for column in range(1, keys.shape[1]):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) ^ keys[:, column]
    sequence = np.argsort(mixed, kind="stable")
    borders = np.flatnonzero(np.diff(mixed[sequence])) + 1
    starts, ends = np.append(0, borders), np.append(borders, len(sequence))
    for group in np.flatnonzero(ends - starts > 1):
        yield members[sequence[starts[group] : ends[group]]]


def _in_group(
    hashes: "Hashes",
    members: "Hashes",
    alike: Callable[["Hashes", "Hashes"], "Hashes"],
    place: tuple[int, int, int],
    depth: int = 1,
) -> Iterator[tuple[int, int]]:
    compared = 0
    while len(members) > 1:
        band, bands, rows = place
        if compared >= _CROWD and depth < bands:
            for group in _groups(hashes, members, (band + depth) % bands, rows):
                yield from _in_group(hashes, group, alike, place, depth + 1)
            return
        first, rest = members[0], members[1:]
        same = alike(hashes[first], hashes[rest])
        for other in rest[same]:
            yield int(first), int(other)
        members = rest[~same]
        compared += 1


def _root(leader: list[int], one: int) -> int:
    while leader[one] != one:
        leader[one] = leader[leader[one]]
        one = leader[one]
    return one
