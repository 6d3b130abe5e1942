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
from synth.run.rescue.foresight import Foresight
from synth.run.teacher import slots, terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request
from synth.teacher.journal import Journal
from synth.teacher.prices import Price
from synth.teacher.usage import used

RESCUE = "rescue"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known.

    `rescue` is what the stage of that name, with a teacher of its own, rests on; None where the config has none.
    """

    pairs: int
    set_aside: int
    beyond_limit: int
    stages: tuple[Stage, ...]
    slots: int
    price: Price | None
    spent_usd: float | None
    budget_usd: float | None
    rescue: "Rescue | None" = None


@dataclass(frozen=True, slots=True)
class Rescue:
    """Of `judged` pairs the filters object to `again`; `share` is taken for those that are not yet judged."""

    model: str
    judged: int
    again: int
    share: float
    slots: int
    price: Price | None


def plan(config_path: Path, overrides: dict[str, dict[str, Any]], *, name: str | None = None) -> Plan:
    """Read the config and every row, and count what a run would ask. Raises ConfigError where a run does."""
    prepared = prepare(config_path, overrides, name)
    intake = Intake()
    calls = prepared.folder.calls
    journal = Journal(calls) if calls.is_dir() else None
    tallies: dict[str, Tally] = {}
    seen: set[bytes] = set()
    foresight = Foresight(prepared, journal)
    for stage, one in requests(prepared, to_judge(prepared, intake), journal, foresight):
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
        stages=tuple(estimated(prepared, tally) for tally in tallies.values()),
        slots=slots(prepared),
        price=prepared.price,
        spent_usd=_spent(prepared, journal),
        budget_usd=prepared.config.budget_usd,
        rescue=_rescue(prepared, foresight),
    )


def estimated(prepared: Prepared, tally: Tally) -> Stage:
    """A stage at the price and in the slots of the teacher that is asked in it."""
    asked = prepared.second if tally.name == RESCUE and prepared.second else prepared
    return tally.stage(asked.price, slots(asked), timed=not asked.local)


def requests(
    prepared: Prepared, pairs: Iterable[Pair], journal: Journal | None = None, foresight: Foresight | None = None
) -> Iterator[tuple[str, Request]]:
    """Every request of a run, with the name of its stage; of those that are asked again, so many as are foreseen.

    A pair whose scenario the teacher is still to choose counts as `others`, which has criteria of a usual number.
    """
    carried, judging = terms(prepared), prepared.config.judging
    scenarios: dict[str, str] = {}
    foresight = foresight or Foresight(prepared, journal)
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
        scenario = prepared.catalogue.get(named)
        asked = [(ask, request(pair, ask, scenario, manner, carried)) for ask in asks(tuple(judging.protocols))]
        for ask, one in asked:
            yield f"judging, {ask.protocol}", one
        for one in foresight.requests(pair, scenario, manner, asked):
            yield RESCUE, one


def _spent(prepared: Prepared, journal: Journal | None) -> float | None:
    """None where a teacher has no price."""
    second = prepared.second or prepared
    if prepared.price is None or second.price is None:
        return None
    prices, costs = {terms(second).model: second.price, terms(prepared).model: prepared.price}, 0.0
    for one, reply in journal.calls() if journal else ():
        costs += prices.get(one.model, prepared.price).cost(used(one, reply))
    return round(costs, 6)


def _rescue(prepared: Prepared, foresight: Foresight) -> Rescue | None:
    second = prepared.second
    if second is None:
        return None
    found = foresight
    return Rescue(terms(second).model, found.judged, found.again, round(found.share, 4), slots(second), second.price)
