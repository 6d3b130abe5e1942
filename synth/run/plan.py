"""`judgemill plan`: what a run would still ask, and what that takes. Makes no call and writes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from synth.asking import request
from synth.domain import Pair, asks
from synth.prompts import Manner
from synth.rows.pairs import prompt_key
from synth.run import choosing
from synth.run.carried import NOTHING, Carried
from synth.run.carry import carry
from synth.run.estimate import Stage, Tally
from synth.run.intake import Intake, no_pair, to_judge
from synth.run.prepare import Prepared, prepare
from synth.run.rescue.foresight import Foresight
from synth.run.teacher import slots, terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Reply, Request
from synth.teacher.journal import Journal
from synth.teacher.prices import Price
from synth.teacher.usage import used

RESCUE = "rescue"
Journals = Sequence[Journal | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known.

    `rescue` is what the stage of that name, with a teacher of its own, rests on; None where the config has none.
    `calls_carried` of those that count as in the journal are in that of `previous`, and are not paid for again;
    `pairs_carried` are taken over from it as they stand, and not asked about.
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
    previous: str | None = None
    calls_carried: int = 0
    pairs_carried: int = 0


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
    own = _journal(prepared.folder.calls)
    earlier = earlier_journal(prepared)
    carried = carry(prepared, to_judge(prepared, Intake())) if prepared.previous else Carried()
    tallies: dict[str, Tally] = {}
    seen: set[bytes] = set()
    calls_carried = 0
    foresight = Foresight(prepared, partial(_known, journals=(own, earlier)))
    for stage, one in requests(prepared, to_judge(prepared, intake), (own, earlier), carried, foresight):
        tally = tallies.setdefault(stage, Tally(stage))
        key = bytes.fromhex(one.key)
        if key not in seen:
            seen.add(key)
            known = _known(one, (own, earlier))
            calls_carried += known is not None and not (own and own.has(one.key))
            tally.see(one, known)
    if not intake.taken:
        raise no_pair(prepared.config.data.path, intake)
    return Plan(
        pairs=intake.taken,
        set_aside=len(intake.set_aside),
        beyond_limit=intake.beyond_limit,
        stages=tuple(estimated(prepared, tally) for tally in tallies.values()),
        slots=slots(prepared),
        price=prepared.price,
        spent_usd=_spent(prepared, own),
        budget_usd=prepared.config.budget_usd,
        rescue=_rescue(prepared, foresight),
        previous=prepared.config.previous,
        calls_carried=calls_carried,
        pairs_carried=len(carried.pairs),
    )


def estimated(prepared: Prepared, tally: Tally) -> Stage:
    """A stage at the price and in the slots of the teacher that is asked in it."""
    asked = prepared.second if tally.name == RESCUE and prepared.second else prepared
    return tally.stage(asked.price, slots(asked), timed=not asked.local)


def requests(
    prepared: Prepared,
    pairs: Iterable[Pair],
    journals: Journals = (),
    carried: Carried = NOTHING,
    foresight: Foresight | None = None,
) -> Iterator[tuple[str, Request]]:
    """Every request of a run, with the name of its stage; of those that are asked again, so many as are foreseen.

    A pair whose scenario the teacher is still to choose counts as `others`, which has criteria of a usual number.
    """
    terms_of_all, judging = terms(prepared), prepared.config.judging
    scenarios = {key: choice.scenario for key, choice in carried.choices.items()}
    foresight = foresight or Foresight(prepared, partial(_known, journals=journals))
    manner = Manner(**judging.model_dump(mode="json", exclude={"protocols"}))
    for pair in pairs:
        if pair.id in carried.pairs:
            continue
        named = pair.scenario or prepared.config.scenarios.default or ""
        if not named:
            key = prompt_key(pair.prompt)
            if key not in scenarios:
                one = choosing.request(prepared, terms_of_all, pair.prompt)
                yield "scenarios", one
                reply = _known(one, journals)
                scenarios[key] = choosing.read_choice(prepared, reply.text) if reply else UNCERTAIN
            named = scenarios[key]
        scenario = prepared.catalogue.get(named)
        asked = [(ask, request(pair, ask, scenario, manner, terms_of_all)) for ask in asks(tuple(judging.protocols))]
        for ask, one in asked:
            yield f"judging, {ask.protocol}", one
        for one in foresight.requests(pair, scenario, manner, asked):
            yield RESCUE, one


def earlier_journal(prepared: Prepared) -> Journal | None:
    """That of the run the config names as `previous`."""
    return _journal(prepared.previous.run.calls) if prepared.previous and prepared.previous.run else None


def _journal(calls: Path) -> Journal | None:
    return Journal(calls) if calls.is_dir() else None


def _known(one: Request, journals: Journals) -> Reply | None:
    """The reply to a request, from the first journal that has it."""
    return next((reply for journal in journals if journal and (reply := journal.get(one))), None)


def _spent(prepared: Prepared, journal: Journal | None) -> float | None:
    """None where a teacher has no price."""
    second = prepared.second or prepared
    if prepared.price is None or second.price is None:
        return None
    prices, costs = {terms(second).model: second.price, terms(prepared).model: prepared.price}, 0.0
    for one, reply in journal.paid() if journal else ():
        costs += prices.get(one.model, prepared.price).cost(used(one, reply))
    return round(costs, 6)


def _rescue(prepared: Prepared, foresight: Foresight) -> Rescue | None:
    second = prepared.second
    if second is None:
        return None
    found = foresight
    return Rescue(terms(second).model, found.judged, found.again, round(found.share, 4), slots(second), second.price)
