"""Takes prompts in: which are to be answered, which pairs people labelled, and the rows that are neither."""

from collections.abc import Iterator
from pathlib import Path

from synth.domain import Pair, PromptRow
from synth.errors import ConfigError
from synth.rows.pairs import SetAside
from synth.rows.prompts import Placed, prompt_rows
from synth.rows.read import read
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.intake import Intake, name_scenario, no_pair
from synth.run.prepare import Prepared
from synth.run.responding.settings import Responders, answers, responders


def take_prompts(prepared: Prepared) -> Intake:
    """Write the prompts for the stages to come, and pairs.parquet with those that people labelled.

    Reads the whole input. Raises ConfigError where it cannot be used, or has nothing to make a pair of.
    """
    folder, intake = prepared.folder, Intake()
    folder.work.mkdir(parents=True, exist_ok=True)
    with (
        tables.writing(prompt_table(folder), tables.PROMPT_ROWS) as put_prompt,
        tables.writing(folder.pairs, tables.PAIRS) as put_pair,
    ):
        for one in to_answer(prepared, intake):
            put_pair(tables.pair_row(one)) if isinstance(one, Pair) else put_prompt(
                tables.prompt_row(one.row, one.number)
            )
    if not intake.taken and not intake.prompts:
        raise no_pair(prepared.config.data.path, intake)
    return intake


def to_answer(prepared: Prepared, intake: Intake) -> Iterator[Placed | Pair]:
    """The prompts and the labelled pairs of the input; `intake` gets the other rows. Writes nothing."""
    data, who, taken = prepared.config.data, responders(prepared.config), 0
    for one in prompt_rows(
        read(data.path, prepared.base, data.split),
        data.columns,
        prepared.catalogue,
        asked=bool(who.settings),
        skip_bad_rows=data.bad_rows == "skip",
    ):
        intake.rows += 1
        if isinstance(one, SetAside):
            intake.set_aside.append(one)
            continue
        if isinstance(one, Placed):
            _check_enough(one, who)
        if data.limit is not None and taken >= data.limit:
            intake.beyond_limit += 1
            continue
        taken += 1
        if isinstance(one, Pair):
            intake.taken += 1
            name_scenario(prepared, intake, one.scenario)
        else:
            intake.prompts += 1
            intake.models.update(given.model for given in one.row.given)
            name_scenario(prepared, intake, one.row.scenario)
        yield one


def _check_enough(one: Placed, who: Responders) -> None:
    settings = len(who.settings)
    if settings and (wanted := answers(one.row, who)) > settings:
        raise ConfigError(
            f"{one.place}: {wanted} responses are to be asked for, but responses.models come to "
            f"{settings} setting{'' if settings == 1 else 's'}; lower responses.per_prompt, or list more models, "
            "temperatures or system prompts"
        )


def prompts_of(prepared: Prepared) -> Iterator[tuple[int, PromptRow]]:
    """What `take_prompts` wrote, with the number of the row in the input."""
    for row in tables.read(prompt_table(prepared.folder)):
        yield row["number"], tables.prompt(row)


def prompt_table(folder: RunFolder) -> Path:
    return folder.work / "prompt-rows.parquet"
