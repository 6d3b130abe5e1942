"""`judgemill plan`: what a run would still ask, and what that takes. Makes no call and writes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from synth.config.model import Endpoint
from synth.config.source import Source
from synth.run.carried import Carried
from synth.run.carry import carry
from synth.run.cautions import about_columns, about_keys
from synth.run.estimate import Stage, Tally
from synth.run.intake import Intake, no_pair, to_judge
from synth.run.known import Known
from synth.run.models import served
from synth.run.planting.planned import PLANTING, with_flaws
from synth.run.prepare import Prepared, prepare
from synth.run.prompting.asks import Asks, generates
from synth.run.prompting.planned import WRITING, within_quotas
from synth.run.prompting.quotas import has_quotas
from synth.run.references.writer import writer
from synth.run.requests import REFERENCES, RESCUE
from synth.run.rescue.foresight import Foresight
from synth.run.responding.planned import RESPONDING, TO_TARGETS, planned
from synth.run.responding.record import about_the_responders
from synth.run.responding.settings import responders
from synth.run.teacher import slots, slots_of, terms
from synth.teacher.local import weights
from synth.teacher.prices import Price
from synth.teacher.usage import used


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known.

    `set_aside_for` counts rows by the reason. `price` is the teacher's; `unpriced` are models that write and
    have none. Pairs are made of `prompts`, where there are any. `notes` are warnings. `provisional` where
    quotas may leave something out that is not known before scenarios are chosen.
    `rescue` is what the stage of that name, with a teacher of its own, rests on; None where the config has none.
    `calls_carried` of those that count as in the journal are in that of `previous`, and are not paid for again;
    `pairs_carried` are taken over from it as they stand, and not asked about. `planted` of the pairs have a
    planted flaw.
    """

    pairs: int
    set_aside: int
    beyond_limit: int
    stages: tuple[Stage, ...]
    slots: int
    price: Price | None
    spent_usd: float | None
    budget_usd: float | None
    set_aside_for: Mapping[str, int] = field(default_factory=dict)
    prompts: int = 0
    unpriced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    provisional: bool = False
    rescue: "Rescue | None" = None
    previous: str | None = None
    calls_carried: int = 0
    pairs_carried: int = 0
    planted: int = 0


@dataclass(frozen=True, slots=True)
class Rescue:
    """Of `judged` pairs the filters object to `again`; `share` is taken for those that are not yet judged."""

    model: str
    judged: int
    again: int
    share: float
    slots: int
    price: Price | None


def plan(config_path: Source, overrides: dict[str, dict[str, Any]], *, name: str | None = None) -> Plan:
    """Read the config and every row, and count what a run would ask. Raises ConfigError where a run does."""
    prepared = prepare(config_path, overrides, name, to_ask=False)
    intake, known = Intake(), Known.of(prepared)
    carried = carry(prepared, to_judge(prepared, Intake())) if prepared.previous else Carried()
    tallies = {WRITING: Tally(WRITING)} if generates(prepared.config) else {}  # the first stage of a run
    seen: set[bytes] = set()
    calls_carried = 0
    foresight = Foresight(prepared, known.get)
    if prepared.config.takes_prompts:
        every = planned(prepared, intake, known, foresight)
    else:
        pairs, _ = within_quotas(prepared, lambda into: to_judge(prepared, into), intake, known)
        every = with_flaws(prepared, pairs, intake, known, carried, foresight)
    for stage, one in every:
        tally = tallies.setdefault(stage, Tally(stage))
        key = bytes.fromhex(one.key)
        if key not in seen:
            seen.add(key)
            calls_carried += known.is_carried(one)
            tally.see(one, known.get(one))
    if not intake.taken:
        raise no_pair(prepared.config.data.named, intake)
    return Plan(
        pairs=intake.taken + intake.planted,
        planted=intake.planted,
        set_aside=len(intake.set_aside),
        set_aside_for=dict(Counter(one.reason for one in intake.set_aside).most_common()),
        beyond_limit=intake.beyond_limit,
        stages=tuple(estimated(prepared, tally) for tally in tallies.values()),
        slots=slots(prepared),
        price=prepared.price,
        spent_usd=_spent(prepared, known),
        budget_usd=prepared.config.budget_usd,
        prompts=intake.prompts,
        unpriced=_unpriced(prepared),
        notes=(*about_keys(prepared), *about_columns(prepared), *about_the_responders(prepared, intake)),
        provisional=has_quotas(prepared)
        and bool(prepared.offered)
        and "scenarios" in tallies
        and tallies["scenarios"].calls > 0,
        rescue=_rescue(prepared, foresight),
        previous=prepared.config.previous,
        calls_carried=calls_carried,
        pairs_carried=len(carried.pairs),
    )


def estimated(prepared: Prepared, tally: Tally) -> Stage:
    """A stage at the price and in the slots of the model that is asked in it."""
    if tally.name == WRITING:
        return _written(prepared, tally, Asks(prepared).writer)
    if tally.name.startswith(RESPONDING):
        model = tally.name.removeprefix(RESPONDING)
        pools = [one for one in responders(prepared.config).pools if served(one) == model]
        timed = not any(weights.is_local(one.model) for one in pools)
        return tally.stage(prepared.prices[model], sum(map(slots_of, pools)), timed=timed)
    if tally.name == REFERENCES and (who := writer(prepared)):
        local = weights.is_local(who.settings.model)
        return tally.stage(prepared.prices[who.terms.model], slots_of(who.settings), timed=not local)
    if tally.name.startswith(TO_TARGETS) and prepared.config.responses:
        return _written(prepared, tally, prepared.config.responses.writer)
    if tally.name.startswith(PLANTING):
        return _written(prepared, tally, prepared.config.planter)
    asked = prepared.second if tally.name == RESCUE and prepared.second else prepared
    return tally.stage(asked.price, slots(asked), timed=not asked.local)


def _written(prepared: Prepared, tally: Tally, writer: Endpoint) -> Stage:
    timed = not weights.is_local(writer.model)
    return tally.stage(prepared.prices[served(writer)], slots_of(writer), timed=timed)


def _spent(prepared: Prepared, known: Known) -> float | None:
    """As the budget counts it: what is of no model of this config costs as the teacher. None where a price is not
    known."""
    prices = {model: one for model, one in prepared.prices.items() if one is not None}
    if prepared.price is None or len(prices) < len(prepared.prices):
        return None
    calls = known.own.paid() if known.own else ()
    return round(sum(prices.get(one.model, prepared.price).cost(used(one, reply)) for one, reply in calls), 6)


def _unpriced(prepared: Prepared) -> tuple[str, ...]:
    """But for the teachers, whose prices are told anyway."""
    asked = prepared.prices.keys() - {terms(one).model for one in (prepared, prepared.second) if one}
    return tuple(sorted(model for model in asked if prepared.prices[model] is None))


def _rescue(prepared: Prepared, foresight: Foresight) -> Rescue | None:
    second = prepared.second
    if second is None:
        return None
    found = foresight
    return Rescue(terms(second).model, found.judged, found.again, round(found.share, 4), slots(second), second.price)
