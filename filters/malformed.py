"""Drops pairs of which a judgment is missing because its reply could not be read."""

from dataclasses import dataclass

from filters.base import Drop
from synth.domain import JudgedPair


@dataclass(frozen=True, slots=True)
class Malformed:
    """Every ask must have brought a judgment.

    All systems drop what they cannot parse (JudgeLM, section 3; PandaLM, section 3.1); where two asks failed, the
    first one's reason counts. Reasons: `unreadable`, `empty`, `truncated`, `refused`, `call failed`, `not judged`.
    """

    name: str = "malformed"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        for failure in judged.failures:
            return Drop(failure.reason, f"{failure.ask.name}: {failure.detail}")
        if not judged.judgments:
            return Drop("not judged", "no judgment of this pair")
        return None
