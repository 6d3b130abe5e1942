"""The teacher of a run with its defaults filled in; a local model is fetched, started, and gone again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.run.prepare import Prepared
from synth.teacher.local import server, weights

SLOTS, LOCAL_SLOTS = 32, 1
PARAMETERS = {"temperature": 0}
# Small models repeat themselves for ever at temperature 0.
LOCAL_PARAMETERS = {"temperature": 0, "repeat_penalty": 1.1}


@dataclass(frozen=True, slots=True)
class Teacher:
    """Where the model answers, how many calls at once, and what every request carries."""

    model: str
    base_url: str
    slots: int
    parameters: dict[str, Any]


def for_engine(prepared: Prepared, asked: Teacher, progress: Path) -> dict[str, Any]:
    """The fields of the engine's `TeacherLLM`, in values that JSON can carry. `progress` is the file for its counts."""
    settings = prepared.config.teacher
    return {
        "model": asked.model,
        "base_url": asked.base_url,
        "api_key_env": settings.api_key_env,
        "journal": str(prepared.folder.calls.resolve()),
        "progress": str(progress.resolve()),
        "slots": asked.slots,
        "timeout": settings.timeout,
        "retries": settings.retries,
        "max_tokens": settings.max_tokens,
        "parameters": asked.parameters,
        "reply_mode": settings.reply_mode,
    }


@contextmanager
def teacher(prepared: Prepared) -> Iterator[Teacher]:
    """Raises ConfigError for a model file that is none, RunError where it cannot be had or served."""
    settings = prepared.config.teacher
    if not prepared.local:
        yield Teacher(
            settings.model,
            settings.base_url,
            settings.slots or SLOTS,
            PARAMETERS if settings.parameters is None else settings.parameters,
        )
        return
    beside_config = prepared.base / settings.model
    name = str(beside_config) if beside_config.is_file() else settings.model
    path = weights.resolve(name, weights.default_cache())
    log = prepared.folder.path / "teacher.log"
    slots = settings.slots or LOCAL_SLOTS
    with server.serve(path, parallel=slots, context=settings.context, log=log) as endpoint:
        yield Teacher(
            endpoint.model,
            endpoint.base_url,
            slots,
            LOCAL_PARAMETERS if settings.parameters is None else settings.parameters,
        )
    log.unlink(missing_ok=True)
