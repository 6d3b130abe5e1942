"""What the report counts: one line of small values for each judged pair of a run."""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synth.audit.intervals import Array
from synth.audit.labelled import SIGN
from synth.domain import Verdict

COLUMNS = ("scenario", "response_a", "response_b", "human_label", "human_labels", "verdict", "verdict_ab", "verdict_ba")


@dataclass(frozen=True, slots=True, order=True)
class Fate:
    """What became of a pair: the filter that dropped it, and its reason; no filter for what was kept."""

    filter: str = ""
    reason: str = ""

    @property
    def label(self) -> str:
        return f"{self.filter}: {self.reason}" if self.filter else "kept"


KEPT = Fate()
SET_ASIDE = "input"  # the filter that rows have which were never judged


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns of equal length over the judged pairs; `cells` counts rows of the input, set aside ones too.

    Verdicts are numbers as in `synth.audit.labelled`; `verdict` is None's NaN where a comparison could not be read.
    `length_a` and `length_b` are in characters. `labelled` says who has a label of people.
    """

    fate: tuple[Fate, ...]
    scenario: tuple[str, ...]
    ab: Array
    ba: Array
    verdict: Array
    length_a: Array
    length_b: Array
    labelled: int
    cells: Mapping[tuple[Fate, str], int]

    @property
    def kept(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        return np.array([one == KEPT for one in self.fate], dtype=bool)


def fate(row: Mapping[str, Any]) -> Fate:
    """Of a row of kept.parquet, which has no filter, or of dropped.parquet."""
    return Fate(row["filter"], row["reason"]) if "filter" in row else KEPT


def facts(rows: Iterable[Mapping[str, Any]]) -> Facts:
    """From the rows of kept.parquet and dropped.parquet, with COLUMNS of them."""
    fates: list[Fate] = []
    scenarios: list[str] = []
    numbers = array("d")
    cells: Counter[tuple[Fate, str]] = Counter()
    known: dict[Fate, Fate] = {}  # one object for all rows of a fate, and of a scenario
    called: dict[str, str] = {}
    labelled = 0
    for row in rows:
        found = known.setdefault(each := fate(row), each)
        cells[found, row["scenario"]] += 1
        if found.filter == SET_ASIDE:
            continue
        fates.append(found)
        scenarios.append(called.setdefault(row["scenario"], row["scenario"]))
        numbers.extend(
            (
                _sign(row["verdict_ab"]),
                _sign(row["verdict_ba"]),
                _sign(row["verdict"]) if bool(row["verdict_ab"]) == bool(row["verdict_ba"]) else math.nan,
                len(row["response_a"]),
                len(row["response_b"]),
            )
        )
        labelled += bool(row["human_label"] or row["human_labels"])
    ab, ba, verdict, length_a, length_b = np.asarray(numbers).reshape(-1, 5).T
    return Facts(tuple(fates), tuple(scenarios), ab, ba, verdict, length_a, length_b, labelled, cells)


def _sign(verdict: str) -> float:
    return SIGN[Verdict(verdict)] if verdict else math.nan
