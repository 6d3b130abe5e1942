"""The teacher's model name and address; a local model is fetched, started, and gone again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from synth.run.prepare import Prepared
from synth.teacher.local import server, weights

SLOTS = 32


def slots(prepared: Prepared) -> int:
    return prepared.config.teacher.slots or (server.PARALLEL if prepared.local else SLOTS)


@contextmanager
def teacher(prepared: Prepared) -> Iterator[tuple[str, str]]:
    """Model and base URL. Raises ConfigError for a model file that is none, RunError where it cannot be had."""
    settings = prepared.config.teacher
    if not prepared.local:
        yield settings.model, settings.base_url
        return
    beside_config = prepared.base / settings.model
    name = str(beside_config) if beside_config.is_file() else settings.model
    path = weights.resolve(name, weights.default_cache())
    log = prepared.folder.path / "teacher.log"
    with server.serve(path, parallel=slots(prepared), context=settings.context, log=log) as endpoint:
        yield endpoint.model, endpoint.base_url
    log.unlink(missing_ok=True)
