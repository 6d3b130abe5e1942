"""A prompt that is no pair as yet."""

from dataclasses import dataclass

from synth.domain.pair import Prompt


@dataclass(frozen=True, slots=True)
class Given:
    """A response that a row brought. `model` is empty where the row does not say."""

    text: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A prompt, with the responses that its row brought. Empty strings stand for what the row does not say."""

    id: str
    prompt: Prompt
    given: tuple[Given, ...] = ()
    scenario: str = ""
    reference: str = ""
    source: str = ""
    personal_data: tuple[str, ...] = ()
