"""Which rows the browser shows where a run has more than a page can hold."""

from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)


def quotas(cells: Mapping[Cell, int], limit: int) -> dict[Cell, int]:
    """How many rows of each cell are shown: all of the small ones, and of the others as many as of each other.

    The sum is `limit`, or all rows where they are fewer.
    """
    left, found = limit, {}
    ordered = sorted(cells.items(), key=lambda one: one[1])
    for place, (cell, size) in enumerate(ordered):
        found[cell] = min(size, -(-left // (len(ordered) - place)))
        left -= found[cell]
    return found


class Chooser(Generic[Cell]):
    """Picks each cell's quota of rows as they pass, at even distances."""

    def __init__(self, cells: Mapping[Cell, int], limit: int) -> None:
        self._cells, self._quotas = cells, quotas(cells, limit)
        self._passed: dict[Cell, int] = {}

    def takes(self, cell: Cell) -> bool:
        """Whether the next row of the cell is one of those shown."""
        size, quota = self._cells[cell], self._quotas[cell]
        place = self._passed.get(cell, 0)
        self._passed[cell] = place + 1
        return (place + 1) * quota // size > place * quota // size
