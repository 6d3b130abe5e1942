"""The same rows judged by an endpoint that is well, by one on a bad day, and by that one once it is well again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.conftest import Project, StandIn
from tests.e2e.test_run import by_id, row, table
from tests.standin.chaos import NONSENSE

_SAID = ("verdict", "score_a", "score_b", "comparison", "critique_a", "critique_b", "criteria", "reply")
SETTINGS = {"retries": 3, "max_failing": 1.0, "timeout": 10}
"""Of the teacher: the endpoint may fail as often as it likes."""
Asks = dict[tuple[str, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class BadDay:
    """What came of it. Asks are by what was asked; rows by their ids.

    Of the asks `same` were answered as on a good day, `other` otherwise (there must be none), `nonsense` is what the
    schema allows and nobody can tell, and `failed` counts reasons. `lost` are rows that are neither kept nor dropped,
    or both, `turned` those without a spoiled ask that came to another end than on a good day. `unasked` are the asks
    that still had no answer when the endpoint was well again.
    """

    faults: Mapping[str, int]
    asks: int
    same: int
    other: int
    nonsense: int
    failed: Mapping[str, int]
    rows: int
    kept: int
    spoiled: int
    lost: tuple[str, ...]
    turned: tuple[str, ...]
    unasked: int


def bad_day(project: Project, standin: StandIn, rows: int, share: float) -> BadDay:
    """Three runs of the real command. `share` of the calls of the second go wrong."""
    project.config["teacher"] |= SETTINGS
    project.write_rows([row(number, good="ab"[number % 2]) for number in range(rows)])
    calm = Project(project.path, project.config | {"name": "calm"}, project.patience)
    _done(calm)
    standin.control(chaos=share)
    _done(project)
    faults = standin.count()["faults"]
    expected, found, ends = _judgments(calm), _judgments(project), _ends(project)
    assert found.keys() == expected.keys(), "every ask has a row"
    standin.control(chaos=0)
    failed = Counter(one["failure"] for one in found.values() if one["failure"])
    nonsense = {ask for ask, one in found.items() if NONSENSE in one["reply"] and not one["failure"]}
    read = [ask for ask, one in found.items() if not one["failure"] and ask not in nonsense]
    same = sum(_said(found[ask]) == _said(expected[ask]) for ask in read)
    spoiled = {ask[0] for ask in found.keys() - set(read)}
    sound = _ends(calm)
    _done(project)
    unasked = sum(one["failure"] == "call failed" for one in _judgments(project).values())
    return BadDay(
        faults=faults,
        asks=len(found),
        same=same,
        other=len(read) - same,
        nonsense=len(nonsense),
        failed=failed,
        rows=rows,
        kept=sum(end[0].startswith("kept") for end in ends.values()),
        spoiled=len(spoiled),
        lost=tuple(name for name in sound if len(ends.get(name, ())) != 1),
        turned=tuple(name for name in sound if name not in spoiled and ends.get(name) != sound[name]),
        unasked=unasked,
    )


def _done(project: Project) -> None:
    done = project.run()
    assert done.code == 0, done.err
    assert "Traceback" not in done.err


def _judgments(project: Project) -> Asks:
    rows = table(project.run_folder / "judgments.parquet")
    return {(one["pair_id"], one["protocol"], one["order"], one["response"]): one for one in rows}


def _said(one: dict[str, Any]) -> list[str]:
    return [str(one[key]) for key in _SAID]


def _ends(project: Project) -> dict[str, list[str]]:
    """By row, what became of it; with its verdict where it was kept."""
    kept, dropped = (by_id(table(project.run_folder / f"{name}.parquet")) for name in ("kept", "dropped"))
    ends: dict[str, list[str]] = {}
    for name, one in kept.items():
        ends.setdefault(name, []).append(f"kept, {one['verdict']}")
    for name, one in dropped.items():
        ends.setdefault(name, []).append(f"dropped, {one['filter']}")
    return ends
