"""From an ask to the very request that is paid for: what the engine sends, and what a plan counts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from synth.domain import Ask, Pair, Prompt
from synth.parsing.schema import Schema, on_the_wire
from synth.prompts import Manner, question
from synth.scenario import Scenario
from synth.teacher.call import Request

Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What every request of a run carries."""

    model: str
    max_tokens: int
    parameters: dict[str, Any] = field(default_factory=dict)

    def request(self, messages: Messages, schema: Schema | None, sample: int = 0) -> Request:
        return Request(self.model, messages, schema.text if schema else "", self.max_tokens, self.parameters, sample)


def asked(pair: Pair, ask: Ask, scenario: Scenario, manner: Manner) -> tuple[Messages, Schema]:
    """The messages of an ask, and the schema of its reply as endpoints take it."""
    one = question(pair, ask, scenario, manner)
    return tuple((message.role, message.content) for message in one.messages), on_the_wire(one.schema, manner.max_chars)


def request(pair: Pair, ask: Ask, scenario: Scenario, manner: Manner, terms: Terms, sample: int = 0) -> Request:
    return terms.request(*asked(pair, ask, scenario, manner), sample)


def mark(calls: Iterable[str], choice: str = "") -> str:
    """What was asked about a pair, in 16 hexadecimal digits: the same exactly where the teacher, its parameters, the
    templates, the criteria, the prompt and the responses are. `calls` are the keys of its requests.

    Where the teacher chose the scenario, 16 of `choice`, the key of that request, stand behind a dash. A pair and its
    swap have the same mark, as both orders are asked.
    """
    asked = hashlib.sha256("".join(sorted(calls)).encode()).hexdigest()[:16]
    return f"{asked}-{choice[:16]}" if choice else asked


def to_answer(prompt: Prompt, system: str) -> Messages:
    """The chat of a model that is to answer a prompt under a system prompt, which stands before the prompt's own.

    One system message and not two: some endpoints take no more.
    """
    turns = [(turn.role, turn.content) for turn in prompt]
    if system and turns[0][0] == "system":
        return (("system", f"{system}\n\n{turns[0][1]}"), *turns[1:])
    return (("system", system), *turns) if system else tuple(turns)
