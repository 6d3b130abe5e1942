"""`judgemill run --ray`: the judging on all nodes of a Ray cluster. What else a run does stays on this machine."""

import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from synth.errors import ConfigError
from synth.run.engine import Engine
from synth.run.prepare import Prepared
from synth.teacher.local import weights

_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Ray:
    """A cluster's address, HOST:PORT or `auto`, and how many processes make calls; one a node where that is None."""

    address: str
    replicas: int | None = None


def check(ray: Ray) -> None:
    """Raises ConfigError where Ray is not installed. Imports nothing."""
    if find_spec("ray") is None:
        raise ConfigError(f"--ray {ray.address}: Ray is not installed; pip install 'judgemill[ray]'")


def connect(engine: Engine, prepared: Prepared, ray: Ray | None, *, quiet: bool) -> None:
    """Connects the engine to the cluster, if any. Raises ConfigError where no run can be made there; nothing
    was asked then."""
    if ray is None:
        return
    if not _can_be_spread(prepared):
        teacher = prepared.config.teacher
        what = "local" if weights.is_local(teacher.model) else f"mode: {teacher.mode}"
        raise ConfigError(f"--ray: is for live calls to an endpoint, and the teacher is {what}; leave it out")
    if not quiet:
        print(f"looking at the nodes of the Ray cluster at {ray.address}", file=sys.stderr)
    folder = prepared.folder
    folder.work.mkdir(parents=True, exist_ok=True)
    job = {
        "stage": "connecting",
        "address": ray.address,
        "folder": str(folder.work.resolve()),
        "variables": sorted(_variables(prepared)),
        "log": str(folder.engine_log.resolve()),
    }
    engine.begin(job, folder.work / "cluster.json")
    while not engine.is_done(_LOOK_SECONDS):
        pass
    engine.ray = ray


def stage(prepared: Prepared, engine: Engine) -> dict[str, Any]:
    """Which of its stages the engine judges by."""
    if engine.ray is None or not _can_be_spread(prepared):
        return {"stage": "judging"}
    return {"stage": "judging on Ray", "replicas": engine.ray.replicas}


def _can_be_spread(prepared: Prepared) -> bool:
    teacher = prepared.config.teacher
    return teacher.mode == "live" and not weights.is_local(teacher.model)


def _variables(prepared: Prepared) -> set[str]:
    """Those of the environment that calls need, and that this machine has."""
    teachers = [one.config.teacher for one in (prepared, prepared.second) if one is not None]
    return {name for one in teachers for name in one.variables if os.environ.get(name)}
