"""Has responses graded alone before pairs are made of them, by the very asks that judging makes of them later."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from synth.domain import Pair, Protocol
from synth.pairing.making import stored, two_by_two
from synth.run import tables
from synth.run.choosing import choice_tables, choose
from synth.run.engine import Engine
from synth.run.judging import engine_tables, judge
from synth.run.prepare import Prepared
from synth.run.references.refer import refer, writing
from synth.run.references.writer import writer
from synth.run.responding.pairing import responses_of
from synth.run.teacher import Teacher
from synth.teacher.progress import Counts


def grade(
    prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool
) -> tuple[dict[tuple[str, int], float], list[Counts]]:
    """The grades that could be read, by prompt and number of the response, and the calls made.

    Responses are graded two by two, as the engine judges pairs; a grade does not depend on the other. Raises RunError
    where calls were not made.
    """
    part = only_grading(prepared)
    part.folder.work.mkdir(parents=True, exist_ok=True)
    part.folder.pairs.parent.mkdir(exist_ok=True)
    if not tables.write(part.folder.pairs, tables.PAIRS, map(tables.pair_row, _twos(prepared))):
        return {}, []
    chosen = choose(part, asked, engine, quiet=quiet)
    referred = refer(part, asked, engine, quiet=quiet, responses=prepared.folder.responses)
    counts = judge(part, asked, engine, quiet=quiet, doing="grading")
    grades = {}
    for row in tables.read(part.folder.judgments):
        if not row["failure"]:
            prompt, numbers = row["pair_id"].rsplit("/", 1)
            number = numbers.split("-")[row["response"] == "b"]
            grades[prompt, int(number)] = row[f"score_{row['response']}"]
    rmtree(part.folder.pairs.parent)
    return grades, [chosen.calls, referred.calls, counts]


def only_grading(prepared: Prepared) -> Prepared:
    judging = prepared.config.judging.model_copy(update={"protocols": [Protocol.POINTWISE]})
    config = prepared.config.model_copy(update={"judging": judging, "rescue": None})
    return replace(prepared, config=config, folder=prepared.folder.grading(), second=None)


def _twos(prepared: Prepared) -> Iterator[Pair]:
    for _, row, responses in responses_of(prepared, {}):
        yield from (stored(row, *two) for two in two_by_two(responses))


def graded_tables(prepared: Prepared) -> list[Path]:
    """What the engine brought for the grades."""
    folder = prepared.folder.grading()
    references = writing(folder, who).tables if (who := writer(prepared)) else []
    return [*choice_tables(folder), *references, *engine_tables(folder)]
