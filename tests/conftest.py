"""What tests share: the stand-in endpoint as a real server, a project folder, and the real command."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class StandIn:
    """A running stand-in endpoint."""

    address: str

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def count(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.address}/count") as answer:
            return dict(json.load(answer))

    def tokens(self) -> dict[str, int]:
        """Of input and output, in all calls that were paid for."""
        with urllib.request.urlopen(f"{self.address}/tokens") as answer:
            return dict(json.load(answer))

    def control(self, **order: Any) -> None:
        self._post("/control", order)

    def batches(self) -> dict[str, Any]:
        """What batches there were: `rows` of each, in the order of their making."""
        with urllib.request.urlopen(f"{self.address}/batches") as answer:
            return dict(json.load(answer))

    def control_batches(self, **order: Any) -> None:
        self._post("/batches", order)

    def _post(self, path: str, order: dict[str, Any]) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.address}{path}", json.dumps(order).encode())).close()


@pytest.fixture(scope="module")
def one_core() -> Iterator[None]:
    """The embedded model's threads wait for each other by spinning: beside other tests two are slower than one."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(cores)[worker % len(cores)]})
    yield
    os.sched_setaffinity(0, cores)


@pytest.fixture
def start_standin() -> Iterator[Callable[..., StandIn]]:
    """Starts stand-ins with the options given, and ends them with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> StandIn:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.standin.server", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        started.append(server)
        assert server.stdout is not None
        return StandIn(server.stdout.readline().strip())

    yield start
    for server in started:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


@pytest.fixture
def standin(start_standin: Callable[..., StandIn]) -> StandIn:
    return start_standin()


@dataclass(frozen=True)
class StandInHub:
    """A running stand-in for the Hugging Face Hub."""

    address: str

    @property
    def env(self) -> dict[str, str]:
        """Of a command that is to find it; its own home for the library must be added."""
        return {
            "HF_ENDPOINT": self.address,
            "HF_TOKEN": "hf_good",
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        }

    def state(self) -> dict[str, Any]:
        """By repository: commits, refs, tags, requests, and who may see it."""
        with urllib.request.urlopen(f"{self.address}/state") as answer:
            return dict(json.load(answer))

    def sent(self) -> bytes:
        """Everything that ever came."""
        with urllib.request.urlopen(f"{self.address}/bytes") as answer:
            return bytes(answer.read())

    def fault(self, at: str, fault: str | int, times: int = 1) -> None:
        order = json.dumps({"at": at, "fault": fault, "times": times}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/control", order)).close()

    def reset(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/reset", b"")).close()


@pytest.fixture(scope="session")
def running_hub() -> Iterator[StandInHub]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.standin_hub.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        yield StandInHub(server.stdout.readline().strip())
        server.kill()


@pytest.fixture
def hub(running_hub: StandInHub) -> StandInHub:
    """With nothing on it. One process serves all tests of a worker."""
    running_hub.reset()
    return running_hub


def journal(folder: Path) -> list[dict[str, Any]]:
    """Every call of a journal, in the order of its files, as one that reads them without us would put them together."""
    calls = []
    for path in sorted(folder.glob("*.jsonl")):
        parts: dict[str, str] = {}
        for line in map(json.loads, path.read_text().splitlines()):
            if "part" in line:
                parts[line["part"]["id"]] = line["part"]["text"]
                continue
            request = line["call"]["request"]
            for message in request["messages"]:
                if "part" in message:
                    message["content"] = parts[message.pop("part")]
            if request["schema"]:
                request["schema"] = json.loads(parts[request["schema"]["part"]])
            calls.append(line["call"])
    return calls


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


@dataclass
class Project:
    """A folder with rows and a config, and the real command run in it, for `patience` seconds at most."""

    path: Path
    config: dict[str, Any]
    patience: float = 120

    @property
    def run_folder(self) -> Path:
        return self.path / "outputs" / str(self.config["name"])

    def write_rows(self, rows: list[dict[str, Any]]) -> None:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (self.path / "rows.jsonl").write_text(text)

    def write_config(self) -> Path:
        """JSON is YAML."""
        path = self.path / "config.yaml"
        path.write_text(json.dumps(self.config, indent=1))
        return path

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "synth.cli.main", *arguments],
            cwd=self.path,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill_a_run_once_paid(self, endpoint: StandIn, calls: int) -> set[str]:
        """Kill -9 a run when the endpoint was paid for so many calls; the keys of those that its journal has."""
        self.write_config()
        running = self.start("run", "config.yaml")
        deadline = time.monotonic() + 90
        while endpoint.count()["paid"] < calls and time.monotonic() < deadline:
            time.sleep(0.05)
        running.kill()
        running.communicate()
        time.sleep(0.7)  # what was in flight arrives, and is lost
        return {call["key"] for call in journal(self.run_folder / "calls")}

    def command(self, *arguments: str, **env: str) -> Done:
        process = self.start(*arguments, **env)
        out, err = process.communicate(timeout=self.patience)
        return Done(process.returncode, out, err)

    def run(self, *arguments: str, **env: str) -> Done:
        self.write_config()
        return self.command("run", "config.yaml", *arguments, **env)


@pytest.fixture
def project(tmp_path: Path, standin: StandIn) -> Project:
    """Asks the stand-in; without rows as yet. Rows without a scenario take `others`, with no call for it."""
    return Project(
        tmp_path,
        {
            "name": "test",
            "data": {"path": "rows.jsonl"},
            "scenarios": {"default": "others"},
            "teacher": {"model": "stand-in", "base_url": standin.base_url, "api_key_env": "", "retries": 1},
        },
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints what tests recorded to be read: replies on which parser and record differ, and the like."""
    for report in terminalreporter.getreports("passed"):
        for title, lines in report.user_properties:
            terminalreporter.section(f"{title}: {len(lines)} ({report.nodeid})")
            for line in lines:
                terminalreporter.write_line(f"  {line}")
