"""How many pairs will be asked about again: known of those that are judged, and so estimated for the others."""

from collections.abc import Callable, Iterator, Sequence

from synth.asking import Terms
from synth.asking import request as request_for
from synth.domain import Ask, Failure, Judgment, Pair, ParseFailure, Side
from synth.parsing.json_reply import parse_pairwise, parse_pointwise
from synth.prompts import Manner, reply_schema
from synth.run import tables
from synth.run.prepare import Prepared
from synth.run.rescue.rounds import Objection
from synth.run.rescue.second_round import asks_something_new, round_of
from synth.run.teacher import terms
from synth.scenario import Scenario
from synth.teacher.call import Reply, Request

# Of GPT-4's recorded judgments of LLMBar the default filters drop 18 to 30% (filters/README.md).
ASSUMED_SHARE = 0.25
_ENOUGH = 20  # judged pairs to measure the share on


class Foresight:
    """Says of pairs, in the order of the run, what the second round will ask about them.

    Of a pair of which all replies are `known` it is known whether the filters object. Of the others so many are
    taken as the share is of the known ones, or as is assumed: of a share of 0.25, every fourth.
    """

    def __init__(self, prepared: Prepared, known: Callable[[Request], Reply | None]) -> None:
        self.judged = self.again = 0
        self._prepared = prepared
        self._known = known
        self._owed = 0.5  # so that the number of pairs that are taken is rounded

    @property
    def measured(self) -> bool:
        return self.judged >= _ENOUGH

    @property
    def share(self) -> float:
        return self.again / self.judged if self.measured else ASSUMED_SHARE

    def requests(
        self, pair: Pair, scenario: Scenario, manner: Manner, asked: Sequence[tuple[Ask, Request]]
    ) -> Iterator[Request]:
        """What is asked again about a pair, of which `asked` is the first round. Nothing without a `rescue`."""
        second, rescue = self._prepared.second, self._prepared.config.rescue
        if second is None or rescue is None or not self._is_asked_again(pair, scenario, manner, asked):
            return
        if asks_something_new(self._prepared.config, rescue, pair, scenario):
            yield from _second_round(self._prepared, pair, scenario, manner, [ask for ask, _ in asked], terms(second))

    def _is_asked_again(
        self, pair: Pair, scenario: Scenario, manner: Manner, asked: Sequence[tuple[Ask, Request]]
    ) -> bool:
        replies = [self._known(one) for _, one in asked]
        if any(reply is None for reply in replies):
            self._owed += self.share
            taken = self._owed >= 1
            self._owed -= taken
            return taken
        outcomes = [
            _read(reply, ask, pair, scenario, manner)
            for (ask, _), reply in zip(asked, replies, strict=True)
            if reply is not None
        ]
        objection = Objection(self._prepared.filters)(tables.of_outcomes(pair, outcomes))
        self.judged += 1
        self.again += objection is not None
        return objection is not None


def _second_round(
    prepared: Prepared, pair: Pair, scenario: Scenario, manner: Manner, asks: Sequence[Ask], carried: Terms
) -> Iterator[Request]:
    rescue = prepared.config.rescue
    assert rescue is not None
    again = round_of(prepared.config, rescue)
    shown = again.scenario(scenario)
    for sample in again.samples:
        for ask in asks:
            yield request_for(pair, ask, shown, manner, carried, sample)


def _read(reply: Reply, ask: Ask, pair: Pair, scenario: Scenario, manner: Manner) -> Judgment | Failure:
    schema = reply_schema(ask, scenario, manner, reference=pair.reference)
    if ask.order is not None:
        read: Judgment | ParseFailure = parse_pairwise(reply.text, ask.order, schema)
    else:
        read = parse_pointwise(reply.text, ask.response or Side.A, schema)
    return Failure(ask, "unreadable", read.reason, reply.text) if isinstance(read, ParseFailure) else read
