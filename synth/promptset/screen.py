"""What is looked at in a prompt by itself: its length, its language, personal data in it."""

from dataclasses import dataclass

from filters import language
from synth.config.model import Prompts
from synth.domain import Prompt
from synth.errors import ConfigError
from synth.promptset.personal import kinds


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a prompt is not taken: a short `reason`; the `detail` says what was found and what is allowed."""

    reason: str
    detail: str


def check(settings: Prompts) -> None:
    """Raises ConfigError for a code that is none of a language: no prompt could be in it."""
    for one in settings.languages:
        if not language.name(one):
            raise ConfigError(
                f"prompts.languages: {one!r} is no code of a language as ISO 639-1 has it: en, de, zh, ..."
            )


def objection(prompt: Prompt, settings: Prompts) -> Objection | None:
    """The first that there is to a prompt by itself."""
    chars = sum(len(turn.content) for turn in prompt)
    if settings.min_chars and chars < settings.min_chars:
        return Objection("prompt too short", f"{chars} characters, prompts.min_chars is {settings.min_chars}")
    if settings.max_chars and chars > settings.max_chars:
        return Objection("prompt too long", f"{chars} characters, prompts.max_chars is {settings.max_chars}")
    if settings.languages and (found := language.surely(_asked(prompt))) and found not in settings.languages:
        return Objection("other language", f"{found}, prompts.languages has {', '.join(settings.languages)}")
    if settings.personal_data == "drop" and (personal := personal_data(prompt, settings)):
        return Objection("personal data", f"{', '.join(personal)}; prompts.personal_data: flag would keep it")
    return None


def personal_data(prompt: Prompt, settings: Prompts) -> tuple[str, ...]:
    """The kinds of it, where they are looked for."""
    return () if settings.personal_data == "keep" else kinds("\n".join(turn.content for turn in prompt))


def _asked(prompt: Prompt) -> str:
    """What the person wrote: what a model answered, or was told before, may be in another language."""
    return "\n".join([turn.content for turn in prompt if turn.role == "user"] or [turn.content for turn in prompt])
