"""The requests of a run, before they are made."""

from collections.abc import Iterable, Iterator

from synth.asking import request
from synth.domain import Pair, asks
from synth.prompts import Manner
from synth.rows.pairs import prompt_key
from synth.run import choosing
from synth.run.carried import NOTHING, Carried
from synth.run.known import NOTHING_KNOWN, Known
from synth.run.prepare import Prepared
from synth.run.references.foreseen import Foreseen, ResponsesTo, no_responses
from synth.run.rescue.foresight import Foresight
from synth.run.teacher import terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request

RESCUE, REFERENCES, SCENARIOS = "rescue", "references", "scenarios"


def requests(
    prepared: Prepared,
    pairs: Iterable[Pair],
    known: Known = NOTHING_KNOWN,
    carried: Carried = NOTHING,
    foresight: Foresight | None = None,
    responses: ResponsesTo = no_responses,
) -> Iterator[tuple[str, Request]]:
    """Every request of a run, with the name of its stage; of those that are asked again, so many as are foreseen.
    `responses` brings those to the prompt that a pair was made of.

    A pair whose scenario the teacher is still to choose counts as `others`, which has criteria of a usual number.
    """
    terms_of_all, judging = terms(prepared), prepared.config.judging
    scenarios = {key: choice.scenario for key, choice in carried.choices.items()}
    foresight = foresight or Foresight(prepared, known.get)
    references = Foreseen(prepared, known, responses)
    manner = Manner(**judging.model_dump(mode="json", exclude={"protocols"}))
    for pair in pairs:
        if pair.id in carried.pairs:
            continue
        named = pair.scenario or prepared.config.scenarios.default or ""
        if not named:
            key = prompt_key(pair.prompt)
            if key not in scenarios:
                one = choosing.request(prepared, terms_of_all, pair.prompt)
                yield SCENARIOS, one
                reply = known.get(one)
                scenarios[key] = choosing.read_choice(prepared, reply.text) if reply else UNCERTAIN
            named = scenarios[key]
        written, shown = references.of(pair, named)
        for one in written:
            yield REFERENCES, one
        scenario = prepared.catalogue.get(named)
        asked = [(ask, request(shown, ask, scenario, manner, terms_of_all)) for ask in asks(tuple(judging.protocols))]
        for ask, one in asked:
            yield f"judging, {ask.protocol}", one
        for one in foresight.requests(shown, scenario, manner, asked):
            yield RESCUE, one
