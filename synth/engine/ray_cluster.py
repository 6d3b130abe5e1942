"""The Ray cluster of a run: found, and looked at before anything is paid for."""

import logging
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import ray
from ray.exceptions import RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from synth import __version__

_REACHED_WITHIN_SECONDS = 5.0
_READY_WITHIN_SECONDS = 120.0  # a node starts a process of Python for it
_DEATH_KNOWN_WITHIN_SECONDS = 30.0


class UnfitError(Exception):
    """No run can be made on this cluster; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to connect to, in values that JSON can carry. Every node must see `folder`, and have the `variables` in its
    environment: keys are read where calls are made, and never travel."""

    address: str
    folder: str
    variables: list[str]
    log: str


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    address: str


def connect(job: Job) -> None:
    """This process becomes a driver of the cluster. Raises UnfitError."""
    if job.address != "auto":
        _reach(job.address)
    try:
        # A namespace of its own: names of actors never clash with those of another run.
        ray.init(job.address, namespace=f"judgemill-{uuid4().hex}", log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError, RayError) as error:
        said = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise UnfitError(
            f"--ray {job.address}: no cluster that this machine is a node of ({said}); `ray start --head` makes one, "
            "`ray start --address=HEAD:6379` joins it"
        ) from error
    seen = Path(job.folder, f"seen-{uuid4().hex}")
    seen.touch()
    if faults := [fault for node in nodes() if (fault := _fault(node, job, seen))]:
        raise UnfitError("; ".join(faults))


def nodes() -> list[Node]:
    """Those that are alive, this machine's first."""
    here = ray.get_runtime_context().get_node_id()
    alive = [Node(one["NodeID"], one["NodeManagerAddress"]) for one in ray.nodes() if one["Alive"]]
    return sorted(alive, key=lambda node: (node.id != here, node.id))


def on(node: Node) -> dict[str, Any]:
    """Options of an actor or a task that runs there, and waits for no CPU: it mostly waits for an endpoint."""
    return {"num_cpus": 0, "scheduling_strategy": NodeAffinitySchedulingStrategy(node.id, soft=False)}


def _reach(address: str) -> None:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise UnfitError(f"--ray {address}: is no address of a cluster; HOST:PORT as `ray start` prints it, or auto")
    try:
        socket.create_connection((host, int(port)), _REACHED_WITHIN_SECONDS).close()
    except OSError as error:
        raise UnfitError(
            f"--ray {address}: nothing answers there ({error.strerror or error}); HOST:PORT as `ray start` prints it, "
            "or auto"
        ) from error


def _fault(node: Node, job: Job, seen: Path) -> str:
    """What keeps replicas from running there; empty where nothing does."""
    looking = ray.remote(_look).options(max_retries=0, **on(node)).remote(__version__, str(seen), job.variables)
    try:
        said: str = ray.get(looking, timeout=_READY_WITHIN_SECONDS)
    except RayError as error:
        if _dies(node):
            return ""
        last = [line.strip() for line in str(error).splitlines() if line.strip()][-1]
        said = f"cannot run judgemill ({last}); install judgemill[ray] there, the same version as here"
    return f"node {node.address} {said}" if said else ""


def _dies(node: Node) -> bool:
    """Whether it is gone: the cluster lists a dead node for a while before it knows."""
    end = time.monotonic() + _DEATH_KNOWN_WITHIN_SECONDS
    while node in nodes():
        if time.monotonic() > end:
            return False
        time.sleep(1)
    return True


def _look(version: str, seen: str, variables: list[str]) -> str:
    """Runs on the node."""
    if __version__ != version:
        return f"has judgemill {__version__}, this machine {version}; install the same"
    if not Path(seen).exists():
        return f"does not see {Path(seen).parent}; have `outputs: {{folder: ...}}` on a disk that all nodes share"
    missing = [name for name in variables if not os.environ.get(name)]
    return f"has no {', '.join(missing)}; set it where `ray start` runs" if missing else ""
