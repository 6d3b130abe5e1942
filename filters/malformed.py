"""Drops pairs of which a judgment is missing because its reply could not be read."""

from dataclasses import dataclass

from filters.base import Drop
from synth.domain import JudgedPair


@dataclass(frozen=True, slots=True)
class Malformed:
    """Every ask must have brought a judgment.

    All systems drop what they cannot parse (JudgeLM, section 3; PandaLM, section 3.1). Reasons: `call failed`, `empty`,
    `refused`, `truncated`, `unreadable`, `not judged`; where asks failed for several, the first in this order counts,
    as the first ask would depend on which response is called a.
    """

    name: str = "malformed"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        if judged.failures:
            failure = min(judged.failures, key=lambda one: one.reason)
            return Drop(failure.reason, f"{failure.ask.name}: {failure.detail}")
        if not judged.judgments:
            return Drop("not judged", "no judgment of this pair")
        return None
