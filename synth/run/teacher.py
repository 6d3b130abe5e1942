"""The teacher of a run with its defaults filled in; a local model is fetched, started, and gone again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.asking import Terms
from synth.config.model import Teacher as Settings
from synth.run.prepare import Prepared, own_prices
from synth.teacher.local import server, weights

SLOTS, LOCAL_SLOTS = 32, 1
PARAMETERS = {"temperature": 0}
# Small models repeat themselves for ever at temperature 0.
LOCAL_PARAMETERS = {"temperature": 0, "repeat_penalty": 1.1}


@dataclass(frozen=True, slots=True)
class Teacher:
    """Where the model answers, how many calls at once at each address, and what every request carries."""

    model: str
    addresses: tuple[str, ...]
    slots: int
    parameters: dict[str, Any]


def slots(prepared: Prepared) -> int:
    return prepared.config.teacher.slots or (LOCAL_SLOTS if prepared.local else SLOTS)


def terms(prepared: Prepared) -> Terms:
    """What every request carries. Fetches and starts nothing."""
    settings = prepared.config.teacher
    defaults: dict[str, Any] = LOCAL_PARAMETERS if prepared.local else PARAMETERS
    return Terms(
        served(settings),
        settings.max_tokens,
        defaults if settings.parameters is None else settings.parameters,
    )


def for_engine(prepared: Prepared, asked: Teacher, progress: Path) -> dict[str, Any]:
    """The fields of the engine's `TeacherLLM`, in values that JSON can carry. `progress` is the file for its counts."""
    settings, folder = prepared.config.teacher, prepared.folder
    earlier = prepared.previous.run if prepared.previous else None
    return {
        "model": asked.model,
        "base_url": list(asked.addresses),
        "api_key_env": settings.api_key_env,
        "journal": str(folder.calls.resolve()),
        "previous": str(earlier.calls.resolve()) if earlier else "",
        "progress": str(progress.resolve()),
        "stop": str((folder.work / "stop").resolve()),
        "slots": asked.slots,
        "timeout": settings.timeout,
        "retries": settings.retries,
        "max_failing": settings.max_failing,
        "requests_per_minute": settings.requests_per_minute,
        "tokens_per_minute": settings.tokens_per_minute,
        "headers": settings.headers,
        "mode": settings.mode,
        "budget_usd": prepared.config.budget_usd,
        "prices": prepared.own_prices,
        "others": _others(prepared, asked.model),
        "max_tokens": settings.max_tokens,
        "parameters": asked.parameters,
        "reply_mode": settings.reply_mode,
    }


def _others(prepared: Prepared, model: str) -> dict[str, Any]:
    """The other teacher whose calls are in the journal, where there is one and it is another model."""
    other = prepared.other
    if other is None or served(other) == model:
        return {}
    return {served(other): {"base_url": list(other.addresses), "prices": own_prices(other), "mode": other.mode}}


def served(settings: Settings) -> str:
    """The model's name in requests."""
    return weights.served_as(settings.model) if weights.is_local(settings.model) else settings.model


@contextmanager
def teacher(prepared: Prepared) -> Iterator[Teacher]:
    """Raises ConfigError for a model file that is none, RunError where it cannot be had or served."""
    settings, asked = prepared.config.teacher, terms(prepared)
    if not prepared.local:
        yield Teacher(asked.model, settings.addresses, slots(prepared), asked.parameters)
        return
    beside_config = prepared.base / settings.model
    name = str(beside_config) if beside_config.is_file() else settings.model
    path = weights.resolve(name, weights.default_cache())
    log = prepared.folder.path / "teacher.log"
    with server.serve(path, parallel=slots(prepared), context=settings.context, log=log) as endpoint:
        yield Teacher(endpoint.model, (endpoint.base_url,), slots(prepared), asked.parameters)
    log.unlink(missing_ok=True)
