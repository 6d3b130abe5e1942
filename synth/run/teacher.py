"""The models of a run with their defaults filled in; a local one is fetched, started, and gone again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.asking import Terms
from synth.config.model import Endpoint
from synth.run.models import own_prices, served
from synth.run.prepare import Prepared
from synth.teacher.local import server, weights

SLOTS, LOCAL_SLOTS = 32, 1
PARAMETERS = {"temperature": 0}
# Small models repeat themselves for ever at temperature 0.
LOCAL_PARAMETERS = {"temperature": 0, "repeat_penalty": 1.1}


@dataclass(frozen=True, slots=True)
class Teacher:
    """Where the model of a config's section answers, how many calls at once at each address, and what every request
    carries."""

    model: str
    addresses: tuple[str, ...]
    slots: int
    parameters: dict[str, Any]
    settings: Endpoint


def slots(prepared: Prepared) -> int:
    return slots_of(prepared.config.teacher)


def slots_of(settings: Endpoint) -> int:
    return settings.slots or (LOCAL_SLOTS if weights.is_local(settings.model) else SLOTS)


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
    settings, folder = asked.settings, prepared.folder
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
        "mode": getattr(settings, "mode", "live"),
        "budget_usd": prepared.config.budget_usd,
        "prices": own_prices(settings),
        "other_prices": {model: one.record() if one else None for model, one in prepared.prices.items()},
        "max_tokens": settings.max_tokens,
        "parameters": asked.parameters,
        "reply_mode": getattr(settings, "reply_mode", "text"),
    }


@contextmanager
def teacher(prepared: Prepared) -> Iterator[Teacher]:
    """The one that judges. Raises as `answering` does."""
    log = prepared.folder.path / "teacher.log"
    with answering(prepared, prepared.config.teacher, terms(prepared).parameters, log) as asked:
        yield asked


@contextmanager
def answering(prepared: Prepared, settings: Endpoint, parameters: dict[str, Any], log: Path) -> Iterator[Teacher]:
    """Has the model of a config's section answer for as long as the block runs.

    Raises ConfigError for a model file that is none, RunError where it cannot be had or served.
    """
    at_once = slots_of(settings)
    if not weights.is_local(settings.model):
        yield Teacher(settings.model, settings.addresses, at_once, parameters, settings)
        return
    beside_config = prepared.base / settings.model
    name = str(beside_config) if beside_config.is_file() else settings.model
    path = weights.resolve(name, weights.default_cache())
    with server.serve(path, parallel=at_once, context=settings.context, log=log) as endpoint:
        yield Teacher(endpoint.model, (endpoint.base_url,), at_once, parameters, settings)
    log.unlink(missing_ok=True)
