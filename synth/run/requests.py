"""The requests of a run, before they are made."""

from collections.abc import Iterable, Iterator

from synth.asking import request
from synth.domain import Pair, asks
from synth.prompts import Manner
from synth.rows.pairs import prompt_key
from synth.run import choosing
from synth.run.prepare import Prepared
from synth.run.teacher import terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request
from synth.teacher.journal import Journal


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
