"""`judgemill plan`: what a run would still ask, and what that takes. Makes no call and writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.asking import request
from synth.domain import Pair, asks
from synth.prompts import Manner
from synth.rows.pairs import prompt_key
from synth.run import choosing
from synth.run.estimate import Stage, Tally
from synth.run.intake import Intake, no_pair, to_judge
from synth.run.prepare import Prepared, prepare
from synth.run.teacher import slots, terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request
from synth.teacher.journal import Journal
from synth.teacher.prices import Price
from synth.teacher.usage import used


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known."""

    pairs: int
    set_aside: int
    beyond_limit: int
    stages: tuple[Stage, ...]
    slots: int
    price: Price | None
    spent_usd: float | None
    budget_usd: float | None


def plan(config_path: Path, overrides: dict[str, dict[str, Any]], *, name: str | None = None) -> Plan:
    """Read the config and every row, and count what a run would ask. Raises ConfigError where a run does."""
    prepared = prepare(config_path, overrides, name)
    price, at_once, intake = prepared.price, slots(prepared), Intake()
    calls = prepared.folder.calls
    journal = Journal(calls) if calls.is_dir() else None
    tallies: dict[str, Tally] = {}
    seen: set[bytes] = set()
    for stage, one in requests(prepared, to_judge(prepared, intake), journal):
        tally = tallies.setdefault(stage, Tally(stage))
        key = bytes.fromhex(one.key)
        if key not in seen:
            seen.add(key)
            tally.see(one, journal.get(one) if journal else None)
    if not intake.taken:
        raise no_pair(prepared.config.data.path, intake)
    return Plan(
        pairs=intake.taken,
        set_aside=len(intake.set_aside),
        beyond_limit=intake.beyond_limit,
        stages=tuple(tally.stage(price, at_once, timed=not prepared.local) for tally in tallies.values()),
        slots=at_once,
        price=price,
        spent_usd=None if price is None else _spent(journal, price),
        budget_usd=prepared.config.budget_usd,
    )


def requests(
    prepared: Prepared, pairs: Iterable[Pair], journal: Journal | None = None
) -> Iterator[tuple[str, Request]]:
    """Every request of a run, with the name of its stage.

    A pair whose scenario the teacher is still to choose counts as `others`, which has criteria of a usual number.
    """
    carried, judging = terms(prepared), prepared.config.judging
    scenarios: dict[str, str] = {}
    manner = Manner(**judging.model_dump(mode="json", exclude={"protocols"}))
    for pair in pairs:
        named = pair.scenario or prepared.config.scenarios.default or ""
        if not named:
            key = prompt_key(pair.prompt)
            if key not in scenarios:
                (one,) = choosing.requests(prepared, carried, [pair])
                yield "scenarios", one
                reply = journal.get(one) if journal else None
                scenarios[key] = choosing.read_choice(prepared, reply.text) if reply else UNCERTAIN
            named = scenarios[key]
        for ask in asks(tuple(judging.protocols)):
            scenario = prepared.catalogue.get(named)
            yield f"judging, {ask.protocol}", request(pair, ask, scenario, manner, carried)


def _spent(journal: Journal | None, price: Price) -> float:
    return round(sum(price.cost(used(*call)) for call in journal.calls()), 6) if journal else 0.0
