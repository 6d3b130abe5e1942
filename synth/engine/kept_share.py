"""How a run is doing while it runs: the share of the pairs done so far that the filters would keep."""

from collections.abc import Mapping
from typing import Any

from filters import Filters
from synth.domain import Failure, JudgedPair, Judgment
from synth.rows import columns

_ALL_OF_THE_FIRST = 50
_THEN_ONE_IN = 20


class KeptShare:
    """Puts the answers to a pair's `asks` together as they come, and holds the pair against the filters of single
    pairs. Those of the whole set have their say at the end. Of many pairs it looks at one in twenty."""

    def __init__(self, filters: Filters, asks: int) -> None:
        self.looked_at = self.kept = 0
        self._filters = filters
        self._asks = asks
        self._done = 0
        self._open: dict[str, list[Judgment | Failure]] = {}

    def see(self, row: Mapping[str, Any]) -> None:
        """An answered row of a pipeline."""
        answers = self._open.setdefault(row["id"], [])
        failed = row["failure"]
        answers.append(Failure(columns.ask(row), failed, failed, row["reply"]) if failed else columns.judgment(row))
        if len(answers) < self._asks:
            return
        del self._open[row["id"]]
        self._done += 1
        if self._done > _ALL_OF_THE_FIRST and self._done % _THEN_ONE_IN:
            return
        judged = JudgedPair(
            columns.pair(row),
            judgments=tuple(one for one in answers if not isinstance(one, Failure)),
            failures=tuple(one for one in answers if isinstance(one, Failure)),
        )
        self.looked_at += 1
        self.kept += isinstance(self._filters.one(judged), JudgedPair)
