"""Who writes references, what they are asked, and for which pairs."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from synth.asking import Terms, to_answer
from synth.config.model import Endpoint
from synth.domain import Pair, Prompt
from synth.pairing.response import Response, without_thinking
from synth.prompts.reference import reference_system
from synth.run.models import served
from synth.run.prepare import Prepared
from synth.run.references.found import Reference, majority, single
from synth.run.references.settings import VOTES, parameters, writing_model
from synth.run.responding.settings import marked
from synth.run.teacher import terms
from synth.teacher.call import Request


@dataclass(frozen=True, slots=True)
class Writer:
    """A model that writes references: its section of the config, what every request carries, and the answers it gives
    to each prompt. `by` is what its references are recorded as, empty for a majority."""

    settings: Endpoint
    terms: Terms
    votes: int
    by: str

    def requests(self, prompt: Prompt) -> list[Request]:
        """The calls that a reference takes; none for a prompt that does not end with a turn of the user."""
        if prompt[-1].role != "user":
            return []
        messages = to_answer(prompt, reference_system(final_answer=not self.by))
        return [self.terms.request(messages, None, sample) for sample in range(self.votes)]

    def answer(self, number: int, reply: str, finish_reason: str = "", error: str = "") -> Response:
        return marked(number, without_thinking(reply), self.terms.model, (), finish_reason, error)

    def reference(self, answers: Sequence[Response]) -> Reference:
        if not answers:
            return Reference(lacking="nothing to answer", detail="the prompt does not end with a turn of the user")
        return single(answers[0], self.by) if self.by else majority(answers)


def writer(prepared: Prepared) -> Writer | None:
    """None where nobody is asked."""
    section = prepared.config.references
    if section is None or section.by == "responses":
        return None
    if section.by == "teacher":
        return Writer(prepared.config.teacher, terms(prepared), 1, "teacher")
    settings = writing_model(prepared.config, section)
    votes = (section.votes or VOTES) if section.by == "majority" else 1
    asks = Terms(served(settings), settings.max_tokens, parameters(settings, votes))
    return Writer(settings, asks, votes, f"model:{asks.model}" if section.by == "model" else "")


def wanted(prepared: Prepared, pair: Pair, scenario: str) -> bool:
    """Whether a pair of this scenario is to get a reference."""
    return prepared.config.references is not None and not pair.reference and scenario in prepared.referenced


def prompt_id(prompt: Prompt) -> str:
    """The same for prompts that are the same to the letter: one reference is for all of them."""
    turns = json.dumps([(turn.role, turn.content) for turn in prompt])
    return hashlib.sha256(turns.encode()).hexdigest()[:32]
