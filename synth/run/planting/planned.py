"""The pairs with a planted flaw that a run will make, as far as it can be known before they are written."""

from collections.abc import Iterable, Iterator

from synth.domain import Pair
from synth.flaws.planting import Unfit, pair_of, with_flaw
from synth.run.carried import Carried
from synth.run.intake import Intake
from synth.run.known import Known
from synth.run.planting.plant import drawn, request
from synth.run.prepare import Prepared
from synth.run.requests import requests
from synth.run.rescue.foresight import Foresight
from synth.teacher.call import Request

PLANTING = "planting flaws, "  # and the model


class Foreseen:
    """A copy that nobody wrote yet counts as one with the flaw, a little longer than the response."""

    def __init__(self, prepared: Prepared, intake: Intake, known: Known) -> None:
        self._config, self._intake, self._known = prepared.config, intake, known
        self._choice = drawn(prepared.config)
        self._asked: list[tuple[str, Request]] = []

    def asked_before(self) -> Iterator[tuple[str, Request]]:
        """What is asked before the pairs that came so far are judged."""
        yield from self._asked
        self._asked.clear()

    def with_planted(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        seed = self._config.seed
        for pair in pairs:
            yield pair
            for planting in self._choice(pair):
                call = request(self._config, planting)
                self._asked.append((f"{PLANTING}{call.model}", call))
                reply = self._known.get(call)
                if reply is None:
                    found: Pair | Unfit = pair_of(planting, f"{planting.text} {planting.flaw.name}", call.model, seed)
                else:
                    found = with_flaw(planting, reply.text, reply.finish_reason, "", call.model, seed)
                if isinstance(found, Pair):
                    self._intake.planted += 1
                    yield found


def with_flaws(
    prepared: Prepared, pairs: Iterable[Pair], intake: Intake, known: Known, carried: Carried, foresight: Foresight
) -> Iterator[tuple[str, Request]]:
    """Every request of a run over such pairs, with the name of its stage."""
    flaws = Foreseen(prepared, intake, known)
    for stage, one in requests(prepared, flaws.with_planted(pairs), known, carried, foresight):
        yield from flaws.asked_before()
        yield stage, one
    yield from flaws.asked_before()
