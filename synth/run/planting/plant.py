"""Has flaws planted in copies of responses, and adds the pairs that come of it to pairs.parquet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synth.asking import Terms
from synth.config.model import Config, Flaws
from synth.domain import Pair
from synth.flaws import flaw_named
from synth.flaws.planting import Planting, Unfit, all_plantings, drawn_planting, with_flaw
from synth.prompts.flaw import flaw_messages
from synth.run import tables
from synth.run.engine import Engine
from synth.run.intake import Intake
from synth.run.manifest import writing_hash
from synth.run.prepare import Prepared
from synth.run.responding.settings import writers_setting
from synth.run.responding.writing import Writing, answers_of, question, the_answer, write_texts
from synth.run.teacher import Teacher
from synth.teacher.call import Request
from synth.teacher.progress import Counts

Choice = Callable[[Pair], Iterable[Planting]]


@dataclass(frozen=True, slots=True)
class Planted:
    """The calls made, the engine's tables of them, what the manifest says, and a line for the terminal. `pairs` counts
    those that were made, by flaw."""

    calls: Counts = field(default_factory=Counts)
    tables: tuple[Path, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    pairs: Mapping[str, int] = field(default_factory=dict)


NOTHING = Planted()


def plant(prepared: Prepared, intake: Intake, asked: Teacher, engine: Engine, *, quiet: bool) -> Planted:
    """Add pairs with a planted flaw to pairs.parquet, each behind the pair that it was made of.

    What is written does not count as a row of the input: `planted.parquet` has it, and why some make no pair. Raises
    RunError where calls were not made. Nothing where the config has no `flaws`.
    """
    prepared.folder.planted.unlink(missing_ok=True)
    if prepared.config.flaws is None:
        return NOTHING
    intake.rows = intake.rows or intake.taken + len(intake.set_aside) + intake.beyond_limit
    made = _plant(prepared, drawn(prepared.config), asked, engine, quiet=quiet, beside_the_others=True)
    intake.planted = sum(made.pairs.values())
    return made


def plant_all(prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool) -> Planted:
    """Put in place of each pair in pairs.parquet one for every flaw that applies to its sound response."""
    kinds = [flaw_named(name) for name in (prepared.config.flaws or Flaws()).kinds]
    seed = prepared.config.seed
    every: Choice = lambda pair: all_plantings(pair, kinds, seed)  # noqa: E731
    return _plant(prepared, every, asked, engine, quiet=quiet, beside_the_others=False)


def drawn(config: Config) -> Choice:
    """One flaw in the share of the pairs that the config says."""
    flaws = config.flaws
    if flaws is None:
        return lambda pair: ()
    kinds = [flaw_named(name) for name in flaws.kinds]

    def choice(pair: Pair) -> Iterable[Planting]:
        found = drawn_planting(pair, kinds, flaws.share, config.seed)
        return () if found is None else (found,)

    return choice


def request(config: Config, planting: Planting) -> Request:
    """The call that it takes. The engine makes this very one, and so finds it in the journal again."""
    setting = writers_setting(config.planter)
    messages = flaw_messages(planting.origin, planting.sound, planting.flaw.name)
    terms = Terms(setting.model, setting.max_tokens, setting.sent)
    return terms.request(tuple((one.role, one.content) for one in messages), None)


def _plant(
    prepared: Prepared, choice: Choice, asked: Teacher, engine: Engine, *, quiet: bool, beside_the_others: bool
) -> Planted:
    folder = prepared.folder
    writing = Writing(folder, "planting", "planting flaws", [prepared.config.planter])
    tables.write(writing.questions, tables.QUESTIONS, _questions(prepared, choice))
    calls = write_texts(prepared, writing, asked, engine, quiet=quiet)
    made: Counter[str] = Counter()
    unfit: Counter[str] = Counter()
    beside = folder.work / "pairs-planted.parquet"
    with (
        tables.writing(folder.planted, tables.PLANTED) as put_copy,
        tables.writing(beside, tables.PAIRS) as put_pair,
    ):
        answers = answers_of(writing)
        for row in tables.read(folder.pairs):
            if beside_the_others:
                put_pair(row)
            for number, planting in enumerate(choice(tables.pair(row))):
                answer = the_answer(answers, planting.id, number)
                found = _read(prepared, planting, answer)
                put_copy(_copy_row(planting, answer, found))
                if isinstance(found, Unfit):
                    unfit[found.reason] += 1
                else:
                    made[planting.flaw.name] += 1
                    put_pair(tables.pair_row(found))
    beside.replace(folder.pairs)
    record = _record(prepared, made, unfit)
    return Planted(calls, tuple(writing.tables), {"planted": record}, _text(record), made)


def _questions(prepared: Prepared, choice: Choice) -> Iterator[dict[str, Any]]:
    for row in tables.read(prepared.folder.pairs):
        for number, planting in enumerate(choice(tables.pair(row))):
            yield question(planting.id, number, 0, request(prepared.config, planting))


def _read(prepared: Prepared, planting: Planting, answer: Mapping[str, Any]) -> Pair | Unfit:
    model = writers_setting(prepared.config.planter).model
    return with_flaw(planting, answer["text"], answer["finish_reason"], answer["error"], model, prepared.config.seed)


def _copy_row(planting: Planting, answer: Mapping[str, Any], found: Pair | Unfit) -> dict[str, Any]:
    return {
        "id": planting.id,
        "pair_id": planting.origin.id,
        "flaw": planting.flaw.name,
        "model": answer["model_name"],
        "sound": planting.text,
        "text": answer["text"],
        "finish_reason": answer["finish_reason"],
        "reason": found.reason if isinstance(found, Unfit) else "",
        "detail": found.detail if isinstance(found, Unfit) else "",
    }


def _record(prepared: Prepared, made: Counter[str], unfit: Counter[str]) -> dict[str, Any]:
    setting = writers_setting(prepared.config.planter)
    return {
        "model": setting.model,
        "parameters": setting.sent,
        "template": writing_hash("flaw"),
        "asked": made.total() + unfit.total(),
        "pairs": dict(sorted(made.items())),
        "set_aside": dict(sorted(unfit.items())),
    }


def _text(record: Mapping[str, Any]) -> str:
    made, aside = record["pairs"], record["set_aside"]
    by_flaw = f" ({', '.join(f'{count} {name}' for name, count in made.items())})" if made else ""
    others = f"; of the others {', '.join(f'{count} {why}' for why, count in aside.items())}" if aside else ""
    said = f"{sum(made.values())} of {record['asked']} copies with a flaw planted by {record['model']} make a pair"
    return f"{said}{by_flaw}{others}"
