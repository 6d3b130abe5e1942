"""The notes of a set's pairs, packed: as objects of their own, a million of them would be several gigabytes.

In memory only. What is unpacked was packed by this process or one that it forked, which send each other pickles anyway;
nothing here reads a file.
"""

import pickle
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping
from typing import Any


def packed(note: Any) -> bytes:
    """A note as a process sends it and `Notes` holds it."""
    return pickle.dumps(note, pickle.HIGHEST_PROTOCOL)


class Notes(Mapping[int, Any]):
    """By place. Each is unpacked when it is asked for."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._starts, self._ends = array("q"), array("q")
        self._places = array("q")

    def put(self, place: int, note: bytes) -> None:
        """A packed note; places come in their order."""
        self._places.append(place)
        self._starts.append(len(self._bytes))
        self._bytes += note
        self._ends.append(len(self._bytes))

    def without(self, places: Container[int]) -> "Notes":
        """The same but for some places; what they hold is shared."""
        left = Notes()
        left._bytes = self._bytes
        for place, start, end in zip(self._places, self._starts, self._ends, strict=True):
            if place not in places:
                left._places.append(place)
                left._starts.append(start)
                left._ends.append(end)
        return left

    def __getitem__(self, place: int) -> Any:
        at = bisect_left(self._places, place)
        if at == len(self._places) or self._places[at] != place:
            raise KeyError(place)
        with memoryview(self._bytes) as everything, everything[self._starts[at] : self._ends[at]] as one:
            return pickle.loads(one)

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
