"""Which model writes references, as the config has it."""

from typing import Any

from synth.config.model import Config, Endpoint, References
from synth.errors import ConfigError
from synth.run.rescue.second_round import VOTES_TEMPERATURE
from synth.teacher.local import weights

VOTES = 5
_PARAMETERS = {"temperature": 0}
_LOCAL = {"repeat_penalty": 1.1}  # small models repeat themselves for ever


def writing_model(config: Config, section: References) -> Endpoint:
    """The section of the model that is asked. Raises ConfigError for votes that would all be the same."""
    settings = section.model or config.teacher
    if section.by == "majority" and (settings.parameters or {}).get("temperature") == 0:
        raise ConfigError(
            "references.votes: at temperature 0 a model answers the same every time; set "
            f"references: {{model: {{model: {settings.model}, parameters: {{temperature: {VOTES_TEMPERATURE}}}}}}}"
        )
    return settings


def parameters(settings: Endpoint, votes: int) -> dict[str, Any]:
    """Of every request. Votes are drawn as those of a rescue are."""
    if settings.parameters is not None:
        return settings.parameters
    local = _LOCAL if weights.is_local(settings.model) else {}
    return {**_PARAMETERS, **({"temperature": VOTES_TEMPERATURE} if votes > 1 else {}), **local}
