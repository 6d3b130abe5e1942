"""ranking.parquet: the responses of each prompt in the order of the verdicts of all their pairs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from filters.intransitive import cycles
from synth.audit.ranking import ranked
from synth.domain import JudgedPair, Verdict
from synth.run import tables
from synth.run.prepare import Prepared
from synth.run.responding.pairing import settings_of


@dataclass(frozen=True, slots=True)
class Ranking:
    """How many prompts were ranked, and how many of them have verdicts that go round in a circle."""

    prompts: int
    with_cycles: int

    def text(self) -> str:
        drop = "; `filters: {intransitive: true}` drops those" if self.with_cycles else ""
        return f"responses of {self.prompts} prompts ranked, {self.with_cycles} with verdicts in a circle{drop}"


@dataclass(frozen=True, slots=True)
class _Result:
    """One pair: numbers of the responses. `better` is None for a tie, which a flip between the orders counts as."""

    one: int
    other: int
    better: int | None


def rank(prepared: Prepared, judged_pairs: Iterable[JudgedPair]) -> Ranking | None:
    """Write ranking.parquet, where every pair of a prompt was judged; else see that there is none.

    `judged_pairs` are those of the run as its filters see them, in the order of pairs.parquet.
    """
    folder = prepared.folder
    if prepared.config.pairs is None or settings_of(prepared.config).strategy != "every":
        folder.ranking.unlink(missing_ok=True)
        return None
    seen: Counter[bool] = Counter()

    def rows() -> Iterator[dict[str, Any]]:
        judged = (one for one in judged_pairs if not _came_beside(one))
        by_prompt = groupby(judged, key=lambda one: one.pair.id.rpartition("/")[0])
        group = next(by_prompt, None)
        for prompt, rows in groupby(tables.read(folder.responses), key=lambda row: row["prompt_id"]):
            if group is not None and group[0] == prompt:
                made = _ranked(list(rows), list(group[1]))
                seen[bool(made[0]["cycles"])] += 1
                yield from made
                group = next(by_prompt, None)

    tables.write(folder.ranking, tables.RANKING, rows())
    return Ranking(seen.total(), seen[True])


def _came_beside(judged: JudgedPair) -> bool:
    """A labelled pair came ready, and one with a planted flaw is of one response."""
    pair = judged.pair
    return pair.human_label is not None or bool(pair.human_labels) or pair.flawed is not None


def _ranked(responses: Sequence[dict[str, Any]], judged: Sequence[JudgedPair]) -> list[dict[str, Any]]:
    by_number = {row["number"]: row for row in responses}
    results = [result for one in judged if (result := _result(one, by_number))]
    numbers = sorted({number for one in judged for number in _numbers(one)})
    place = {number: index for index, number in enumerate(numbers)}
    wins = [(one.better, one.other if one.better == one.one else one.one) for one in results if one.better is not None]
    ties = [(one.one, one.other) for one in results if one.better is None]
    found = ranked(
        len(numbers),
        [(place[better], place[worse]) for better, worse in wins],
        [(place[one], place[other]) for one, other in ties],
    )
    circles = [">".join(map(str, (*circle, circle[0]))) for circle in cycles(wins)]
    rows = [
        {
            "prompt_id": by_number[number]["prompt_id"],
            "number": number,
            "model": by_number[number]["model"],
            "text": by_number[number]["text"],
            "rank": one.rank,
            "strength": one.strength,
            "wins": sum(better == number for better, _ in wins),
            "losses": sum(worse == number for _, worse in wins),
            "ties": sum(number in tie for tie in ties),
            "cycles": circles,
        }
        for number, one in zip(numbers, found, strict=True)
    ]
    return sorted(rows, key=lambda row: (row["rank"], row["number"]))


def _numbers(judged: JudgedPair) -> tuple[int, int]:
    low, high = judged.pair.id.rpartition("/")[2].split("-")
    return int(low), int(high)


def _result(judged: JudgedPair, responses: dict[int, dict[str, Any]]) -> _Result | None:
    """None where the pair has no verdict in both orders."""
    low, high = _numbers(judged)
    if any(one.ask.order for one in judged.failures) or not (judged.comparisons or judged.verdict):
        return None
    a, b = (low, high) if responses[low]["text"] == judged.pair.response_a else (high, low)
    return _Result(a, b, {Verdict.A: a, Verdict.B: b}.get(judged.verdict) if judged.verdict else None)
