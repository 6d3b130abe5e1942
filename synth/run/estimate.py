"""What calls that are not yet made will take: tokens, cost and time, from their texts and from calls made before."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from synth.teacher.call import Reply, Request
from synth.teacher.prices import Price
from synth.teacher.usage import Usage, most_output, size, tokens, used

# Expected tokens of a free reply; of a text by its name in the schema; of any other; of its name, quotes and score.
_FREE_REPLY = 300
_TEXT = {"reference": 250, "comment": 30}
_OTHER_TEXT = 100
_FRAME = 6

SECONDS_TO_BEGIN = 0.5
SECONDS_A_TOKEN = 0.02


@dataclass(frozen=True, slots=True)
class Stage:
    """Calls of one kind. Numbers are of those still to be made; `in_journal` are made.

    `most_` is for replies that are all as long as they may be. `measured_on` is how many calls of this run the numbers
    rest on, 0 where they rest on assumptions. No cost without a price, no time for a model of this machine.
    """

    name: str
    calls: int
    in_journal: int
    measured_on: int
    input_tokens: int
    output_tokens: int
    most_output_tokens: int
    cost_usd: float | None
    most_usd: float | None
    seconds: float | None


@dataclass(slots=True)
class Tally:
    """Counts the requests of a stage, those with a reply apart from those without."""

    name: str
    calls: int = 0
    in_journal: int = 0
    _bytes: int = 0
    _expected: int = 0
    _most: int = 0
    _measured: int = 0
    _measured_bytes: int = 0
    _measured_input: int = 0
    _measured_output: int = 0

    def see(self, request: Request, reply: Reply | None) -> None:
        if reply is None:
            most = most_output(request)
            self.calls += 1
            self._bytes += size(request)
            self._expected += min(expected_output(request.schema), most)
            self._most += most
            return
        self.in_journal += 1
        usage = used(request, reply)
        if usage.reported:
            self._measured += 1
            self._measured_bytes += size(request)
            self._measured_input += usage.input_tokens
            self._measured_output += usage.output_tokens

    def stage(self, price: Price | None, slots: int, *, timed: bool = True) -> Stage:
        inputs, outputs = tokens(self._bytes), self._expected
        if self._measured:
            inputs = round(self._bytes * self._measured_input / self._measured_bytes)
            outputs = min(round(self.calls * self._measured_output / self._measured), self._most)
        seconds = (self.calls * SECONDS_TO_BEGIN + outputs * SECONDS_A_TOKEN) / min(slots, max(self.calls, 1))
        return Stage(
            self.name,
            self.calls,
            self.in_journal,
            self._measured,
            inputs,
            outputs,
            self._most,
            self._cost(price, inputs, outputs),
            self._cost(price, inputs, self._most),
            round(seconds, 1) if timed else None,
        )

    def _cost(self, price: Price | None, inputs: int, outputs: int) -> float | None:
        """Of all calls as of one that is like their mean: where long prompts cost more, it is the mean that counts."""
        if price is None:
            return None
        return round(price.rate(inputs // max(self.calls, 1)).cost(Usage(inputs, outputs)), 6)


@lru_cache(maxsize=1024)
def expected_output(schema: str) -> int:
    """Tokens of a usual reply to a request with this schema: a hundred for each text, 30 for a criterion's comment, 250
    for the teacher's own answer, or what the schema allows where that is less; 300 without a schema."""
    return _expected(json.loads(schema)) if schema else _FREE_REPLY


def _expected(schema: dict[str, Any]) -> int:
    return _FRAME + sum(_FRAME + _text(name, part) for name, part in schema.get("properties", {}).items())


def _text(name: str, part: dict[str, Any]) -> int:
    if "anyOf" in part:
        return max(_text(name, one) for one in part["anyOf"])
    if "properties" in part:
        return _expected(part)
    if part.get("type") != "string" or "enum" in part:
        return 0
    usual = _TEXT.get(name, _OTHER_TEXT)
    return min(usual, tokens(part["maxLength"])) if "maxLength" in part else usual
