"""Makes pairs.parquet of responses.parquet."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from synth.config.model import Config, Pairs
from synth.domain import PromptRow
from synth.errors import RunError
from synth.pairing.making import NoPair, pairs_of
from synth.pairing.response import Mark, Response
from synth.pairing.strategies import STRATEGIES, SimilarLength, Spread, Strategy
from synth.rows.pairs import SetAside, without_pair
from synth.run import tables
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.responding.intake import prompts_of

Grades = Mapping[tuple[str, int], float]  # by prompt and number of the response


@dataclass(slots=True)
class Made:
    """What was made of the prompts: pairs, the responses by mark, those that were to earn a score by that, and, of
    `spread`, pairs by kind."""

    strategy: str
    prompts: int = 0
    pairs: int = 0
    marks: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    targets: Counter[float] = field(default_factory=Counter)
    kinds: Mapping[str, int] = field(default_factory=dict)


def settings_of(config: Config) -> Pairs:
    return config.pairs or Pairs()


def strategy_of(config: Config) -> Strategy:
    """A new one, as `spread` counts what it made."""
    wanted = settings_of(config)
    most = wanted.per_prompt or 1
    match STRATEGIES[wanted.strategy]:
        case kind if kind is SimilarLength:
            return SimilarLength(most, length_ratio=wanted.length_ratio)
        case kind if kind is Spread:
            shares = (wanted.shares.hard, wanted.shares.easy, wanted.shares.tied)
            return Spread(most, margin=wanted.margin, shares=shares)
        case kind:
            return kind(most)


def make_pairs(prepared: Prepared, intake: Intake, grades: Grades) -> Made:
    """Add the pairs of the prompts to pairs.parquet; `intake` gets the prompts without one.

    Raises RunError where there is no pair at all.
    """
    folder, config = prepared.folder, prepared.config
    strategy = strategy_of(config)
    made = Made(settings_of(config).strategy, prompts=intake.prompts)

    def rows() -> Iterator[dict[str, Any]]:
        yield from tables.read(folder.pairs)
        for number, row, responses in responses_of(prepared, grades, made):
            found = pairs_of(row, responses, strategy, config.seed)
            if isinstance(found, NoPair):
                intake.set_aside.append(SetAside(number, found.reason, found.detail, without_pair(row)))
                continue
            made.pairs += len(found)
            yield from map(tables.pair_row, found)

    beside = folder.work / "pairs.parquet"
    written = tables.write(beside, tables.PAIRS, rows())
    if not written:
        first = next((one for one in intake.set_aside if one.pair), None)
        why = f"the first: {first.reason} ({first.detail})" if first else ""
        raise RunError(f"no pair could be made of {intake.prompts} prompts; {why}; see {folder.responses}")
    beside.replace(folder.pairs)
    intake.taken += made.pairs
    made.kinds = dict(sorted(strategy.made.items())) if isinstance(strategy, Spread) else {}
    return made


def responses_of(
    prepared: Prepared, grades: Grades, made: Made | None = None
) -> Iterator[tuple[int, PromptRow, list[Response]]]:
    """Every prompt with its number in the input and its responses, as responses.parquet has them."""
    by_prompt = groupby(tables.read(prepared.folder.responses), key=lambda row: row["prompt_id"])
    group = next(by_prompt, None)
    for number, row in prompts_of(prepared):
        found: list[Response] = []
        if group is not None and group[0] == row.id:
            for one in group[1]:
                found.append(_response(one, grades))
                if made is not None:
                    made.marks[one["mark"]] += 1
                    made.asked[one["model"]] += one["origin"] != "given"
                    made.targets.update([] if one["target"] is None else [one["target"]])
            group = next(by_prompt, None)
        yield number, row, found


def _response(row: Mapping[str, Any], grades: Grades) -> Response:
    one = Response(row["number"], row["text"], row["model"], Mark(row["mark"]), row["detail"], target=row["target"])
    return replace(one, grade=grades.get((row["prompt_id"], one.number)))
