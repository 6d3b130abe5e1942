"""What is said of the prompts: in the manifest, and to the person who runs it."""

from collections.abc import Iterator
from typing import Any

from synth.prompts.generation import templates_hash
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.prompting.asks import Asks
from synth.run.prompting.generating import Generated

_SETTINGS = ("per_scenario", "per_group", "languages", "min_chars", "max_chars", "near_duplicates", "personal_data")


def record(prepared: Prepared, intake: Intake, made: Generated) -> dict[str, Any]:
    """For the manifest."""
    settings = prepared.config.prompts
    assert settings is not None, "recorded only where the config says anything of prompts"
    said = {
        **settings.model_dump(mode="json", include=set(_SETTINGS)),
        "with_personal_data": dict(sorted(intake.personal_data.items())),
    }
    if made.coverage is not None:
        asks = Asks(prepared)
        said["generated"] = {
            "model": asks.model,
            "parameters": asks.parameters,
            "templates": templates_hash(),
            "domain": asks.wanted.domain,
            "passages": len(prepared.material.passages),
            "examples": len(prepared.material.examples),
            **made.coverage.record(),
        }
    return said


def lines(intake: Intake, made: Generated) -> Iterator[str]:
    """For the terminal."""
    if made.coverage is not None:
        yield from made.coverage.lines()
    if intake.personal_data:
        kinds = ", ".join(f"{count} {kind}" for kind, count in intake.personal_data.most_common())
        yield f"prompts with personal data: {kinds}; `prompts: {{personal_data: drop}}` leaves them out"
