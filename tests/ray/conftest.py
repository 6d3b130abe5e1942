"""A Ray cluster of two nodes on this machine: raylets, workers and their store are processes of their own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import ROOT

NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}


class TwoNodes:
    """A head and another node. What runs in them has the environment of these tests."""

    def __init__(self, folder: Path) -> None:
        from ray.cluster_utils import Cluster

        self._folder = folder
        self._cluster = Cluster(initialize_head=True, head_node_args=NODE)
        self._second: Any = self._cluster.add_node(**NODE)

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def kill_the_second(self) -> None:
        """With SIGKILL, as a machine that loses its power: nothing of it says good-bye."""
        self._cluster.remove_node(self._second, allow_graceful=False)

    def replicas(self) -> list[psutil.Process]:
        """The processes that judge. Ray names each by its actor."""
        found = []
        for one in psutil.process_iter(["cmdline", "status"]):
            named = " ".join(one.info["cmdline"] or ())
            if named.startswith("ray::_Replica") and one.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(one)
        return found

    def said(self) -> bytes:
        """All that Ray has logged."""
        return b"".join(path.read_bytes() for path in self._folder.rglob("logs/**/*") if path.is_file())

    def close(self) -> None:
        self._cluster.shutdown()


@pytest.fixture
def two_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwoNodes]:
    folder = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))  # sockets are in it, and have short names
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("RAY_TMPDIR", str(folder))
    (folder / "ray").mkdir()
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("TEACHER_KEY", "sk-of-the-nodes")
    cluster = TwoNodes(folder)
    try:
        yield cluster
    finally:
        cluster.close()
        shutil.rmtree(folder, ignore_errors=True)
