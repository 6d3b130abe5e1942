"""Takes the input in: pairs.parquet with what is to be judged, and the rows that are not, with their reasons."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from synth.domain import Pair
from synth.errors import ConfigError
from synth.rows.pairs import SetAside, pairs
from synth.rows.read import read
from synth.run import tables
from synth.run.prepare import Prepared
from synth.scenario.offer import refuse_draft


@dataclass(slots=True)
class Intake:
    """Rows that are not judged: set aside with a reason, or beyond data.limit. `scenarios` are those the rows name.

    `taken` is how many pairs are judged. Where rows are prompts, `prompts` is how many pairs are made of, `rows` how
    many rows there are in all, and `models` wrote the responses that they bring. `planted` is how many pairs with a
    planted flaw are judged beside those that were taken.
    """

    taken: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    beyond_limit: int = 0
    scenarios: set[str] = field(default_factory=set)
    prompts: int = 0
    rows: int = 0
    models: set[str] = field(default_factory=set)
    planted: int = 0


def take_in(prepared: Prepared) -> Intake:
    """Read the whole input, however small the limit: what is wrong with it shows before the first call.

    In pairs.parquet the scenario of a row that names none is empty as yet.

    Raises ConfigError where it cannot be used, or leaves no pair to judge.
    """
    config, folder = prepared.config, prepared.folder
    intake = Intake()
    folder.work.mkdir(parents=True, exist_ok=True)
    beside = folder.work / "pairs.parquet"
    written = tables.write(beside, tables.PAIRS, map(tables.pair_row, to_judge(prepared, intake)))
    if not written:
        raise no_pair(config.data.path, intake)
    beside.replace(folder.pairs)
    return intake


def no_pair(path: str, intake: Intake) -> ConfigError:
    aside = intake.set_aside
    why = f"all {len(aside)} rows were set aside, the first: {aside[0].reason}" if aside else "it holds no rows"
    return ConfigError(f"{path}: no pair to judge; {why}")


def to_judge(prepared: Prepared, intake: Intake) -> Iterator[Pair]:
    """The pairs of the input that are to be judged; `intake` gets the other rows. Writes nothing."""
    data = prepared.config.data
    for one in pairs(
        read(data.path, prepared.base, data.split),
        data.columns,
        prepared.catalogue,
        skip_bad_rows=data.bad_rows == "skip",
    ):
        if isinstance(one, SetAside):
            intake.set_aside.append(one)
        elif data.limit is not None and intake.taken >= data.limit:
            intake.beyond_limit += 1
        else:
            intake.taken += 1
            name_scenario(prepared, intake, one.scenario)
            yield one


def name_scenario(prepared: Prepared, intake: Intake, scenario: str) -> None:
    if scenario and scenario not in intake.scenarios:
        refuse_draft(prepared.catalogue, scenario)
        intake.scenarios.add(scenario)
