"""`judgemill plan`: what a run would still ask, and what that takes. Makes no call and writes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from synth.run.teacher import slots, terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Reply, Request
from synth.teacher.journal import Journal
from synth.teacher.prices import Price
from synth.teacher.usage import used

Journals = Sequence[Journal | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left of a run. `spent_usd` is what the calls in its journal cost; None where no price is known.

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
    previous: str | None = None
    calls_carried: int = 0
    pairs_carried: int = 0


def plan(config_path: Path, overrides: dict[str, dict[str, Any]], *, name: str | None = None) -> Plan:
    """Read the config and every row, and count what a run would ask. Raises ConfigError where a run does."""
    prepared = prepare(config_path, overrides, name)
    price, at_once, intake = prepared.price, slots(prepared), Intake()
    own = _journal(prepared.folder.calls)
    earlier = earlier_journal(prepared)
    carried = carry(prepared, to_judge(prepared, Intake())) if prepared.previous else Carried()
    tallies: dict[str, Tally] = {}
    seen: set[bytes] = set()
    calls_carried = 0
    for stage, one in requests(prepared, to_judge(prepared, intake), (own, earlier), carried):
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
        stages=tuple(tally.stage(price, at_once, timed=not prepared.local) for tally in tallies.values()),
        slots=at_once,
        price=price,
        spent_usd=None if price is None else _spent(own, price),
        budget_usd=prepared.config.budget_usd,
        previous=prepared.config.previous,
        calls_carried=calls_carried,
        pairs_carried=len(carried.pairs),
    )


def requests(
    prepared: Prepared, pairs: Iterable[Pair], journals: Journals = (), carried: Carried = NOTHING
) -> Iterator[tuple[str, Request]]:
    """Every request of a run, with the name of its stage.

    A pair whose scenario the teacher is still to choose counts as `others`, which has criteria of a usual number.
    """
    terms_of_all, judging = terms(prepared), prepared.config.judging
    scenarios = {key: choice.scenario for key, choice in carried.choices.items()}
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
        for ask in asks(tuple(judging.protocols)):
            scenario = prepared.catalogue.get(named)
            yield f"judging, {ask.protocol}", request(pair, ask, scenario, manner, terms_of_all)


def earlier_journal(prepared: Prepared) -> Journal | None:
    """That of the run the config names as `previous`."""
    return _journal(prepared.previous.run.calls) if prepared.previous and prepared.previous.run else None


def _journal(calls: Path) -> Journal | None:
    return Journal(calls) if calls.is_dir() else None


def _known(one: Request, journals: Journals) -> Reply | None:
    """The reply to a request, from the first journal that has it."""
    return next((reply for journal in journals if journal and (reply := journal.get(one))), None)


def _spent(journal: Journal | None, price: Price) -> float:
    return round(sum(price.cost(used(*call)) for call in journal.paid()), 6) if journal else 0.0
