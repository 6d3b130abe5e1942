"""`judgemill plan`: what a run would still ask, and what that takes. Makes no call and writes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.run.estimate import Stage, Tally
from synth.run.intake import Intake, no_pair, to_judge
from synth.run.prepare import Prepared, prepare
from synth.run.requests import requests
from synth.run.responding.planned import planned
from synth.run.responding.record import about_the_responders
from synth.run.responding.settings import responders
from synth.run.teacher import slots, slots_of, terms
from synth.teacher.journal import Journal
from synth.teacher.prices import Price
from synth.teacher.usage import used


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known.

    `price` is the teacher's; `unpriced` are other models without one. Pairs are made of `prompts`, where there are any.
    `notes` are warnings.
    """

    pairs: int
    set_aside: int
    beyond_limit: int
    stages: tuple[Stage, ...]
    slots: int
    price: Price | None
    spent_usd: float | None
    budget_usd: float | None
    prompts: int = 0
    unpriced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plan(config_path: Path, overrides: dict[str, dict[str, Any]], *, name: str | None = None) -> Plan:
    """Read the config and every row, and count what a run would ask. Raises ConfigError where a run does."""
    prepared = prepare(config_path, overrides, name)
    price, at_once, intake = prepared.price, slots(prepared), Intake()
    calls, own = prepared.folder.calls, terms(prepared).model
    journal = Journal(calls) if calls.is_dir() else None
    tallies: dict[str, Tally] = {}
    models: dict[str, str] = {}
    seen: set[bytes] = set()
    if prepared.config.takes_prompts:
        every = planned(prepared, intake, journal)
    else:
        every = requests(prepared, to_judge(prepared, intake), journal)
    for stage, one in every:
        tally = tallies.setdefault(stage, Tally(stage))
        models[stage] = one.model
        key = bytes.fromhex(one.key)
        if key not in seen:
            seen.add(key)
            tally.see(one, journal.get(one) if journal else None)
    if not intake.taken:
        raise no_pair(prepared.config.data.path, intake)
    stages = [
        tally.stage(prepared.prices[models[name]], _slots(prepared, name, models[name]), timed=not prepared.local)
        for name, tally in tallies.items()
    ]
    return Plan(
        pairs=intake.taken,
        set_aside=len(intake.set_aside),
        beyond_limit=intake.beyond_limit,
        stages=tuple(stages),
        slots=at_once,
        price=price,
        spent_usd=_spent(journal, prepared),
        budget_usd=prepared.config.budget_usd,
        prompts=intake.prompts,
        unpriced=tuple(name for name in sorted(prepared.prices) if prepared.prices[name] is None and name != own),
        notes=tuple(about_the_responders(prepared, intake)),
    )


def _slots(prepared: Prepared, stage: str, model: str) -> int:
    who = responders(prepared.config)
    if not stage.startswith("responding"):
        return slots(prepared)
    pools = {one.pool for one in who.settings if one.model == model}
    return sum(slots_of(who.pools[pool]) for pool in pools)


def _spent(journal: Journal | None, prepared: Prepared) -> float | None:
    """As the budget counts it: what is of no model of this config costs as the teacher."""
    spent = 0.0
    for request, reply in journal.calls() if journal else ():
        price = prepared.prices.get(request.model, prepared.price)
        if price is None:
            return None
        spent += price.cost(used(request, reply))
    return None if prepared.price is None else round(spent, 6)
