"""How long 4,000 calls take, beside the bare openai client and stock distilabel, all in one run.

    python -m benchmarks.throughput [--pairs 1000] [--slots 64 256] [--only judgemill]

Starts an endpoint in a process of its own that answers after lognormal waits (median 0.3 s, sigma 0.6), the same for
everybody. judgemill does all of its work: reading rows, 1,000 pairs compared in both orders and graded each alone,
journal, parsing, filters and export. The others only ask what it asks. Seconds are of whole processes; the ideal is the
sum of the waits over the slots.

    python -m benchmarks.throughput --memory [--pairs 100000]

has an endpoint that does not wait, and tells rows a second and the most memory of all processes together: the sum of
their proportional set sizes, in which what they share counts once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.load import write_pairs
from synth.run import intake
from synth.run.plan import requests
from synth.run.prepare import prepare
from synth.teacher.client import body

CONTENDERS = ("bare openai client", "stock distilabel", "judgemill")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """One process from its start to its end. `waited` are seconds that the endpoint let calls wait, summed up."""

    seconds: float
    calls: int
    waited: float
    most_at_once: int
    most_bytes: int


@contextmanager
def endpoint(median: float) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.endpoint", "--median", str(median)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.kill()
        server.wait()


def measure(command: list[str], address: str, folder: Path) -> Measured:
    urllib.request.urlopen(urllib.request.Request(f"{address}/reset", method="POST")).close()
    began = time.monotonic()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        memory = _Memory(process.pid)
        memory.start()
        code = process.wait()
    seconds = time.monotonic() - began
    memory.over.set()
    if code:
        sys.exit(f"{' '.join(command)}\nended with {code}:\n{(folder / 'log').read_text()[-2000:]}")
    with urllib.request.urlopen(f"{address}/count") as answer:
        count = json.load(answer)
    return Measured(seconds, count["calls"], count["waited"], count["most_in_flight"], memory.most)


class _Memory(threading.Thread):
    """Looks twice a second at a process and all it started."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            try:
                top = psutil.Process(self._pid)
                self.most = max(self.most, sum(map(_size, [top, *top.children(recursive=True)])))
            except psutil.NoSuchProcess:
                return


def _size(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def prepared(folder: Path, pairs: int, address: str, slots: int) -> Path:
    write_pairs(folder / "pairs.jsonl", pairs)
    config = {
        "name": f"judgemill-{slots}",
        "data": {"path": "pairs.jsonl"},
        "teacher": {"model": "benchmark", "base_url": f"{address}/v1", "api_key_env": "", "slots": slots},
        "outputs": {"folder": str(folder / "outputs")},
    }
    path = folder / f"config-{slots}.yaml"
    path.write_text(json.dumps(config))
    return path


def write_requests(config: Path, path: Path) -> None:
    """The bodies of the very calls that judgemill makes."""
    ready = prepare(config, {})
    with path.open("w") as file:
        for _, request in requests(ready, intake.to_judge(ready, intake.Intake())):
            file.write(json.dumps(body(request, "text")) + "\n")


def throughput(pairs: int, slots: list[int], only: list[str], folder: Path) -> None:
    with endpoint(0.3) as address:
        print(f"{4 * pairs} calls; whole processes, wall seconds; {os.cpu_count()} cores, shared with the endpoint\n")
        print(f"| {'slots':>5} | {'ideal':>6} | " + " | ".join(f"{name:>18}" for name in only) + " |", flush=True)
        for at_once in slots:
            config = prepared(folder, pairs, address, at_once)
            write_requests(config, folder / "requests.jsonl")
            arguments = [address, str(folder / "requests.jsonl"), str(at_once)]
            commands = {
                "bare openai client": ["-m", "benchmarks.contenders.bare_openai", *arguments],
                "stock distilabel": ["-m", "benchmarks.contenders.stock_distilabel", *arguments],
                "judgemill": ["-m", "synth.cli.main", "run", str(config), "--quiet"],
            }
            found = {name: measure([sys.executable, *commands[name]], address, folder) for name in only}
            ideal = next(iter(found.values())).waited / at_once
            row = " | ".join(f"{one.seconds:>18.1f}" for one in found.values())
            print(f"| {at_once:>5} | {ideal:>6.1f} | {row} |", flush=True)
            if "judgemill" in found:
                ours = found["judgemill"]
                print(
                    f"        judgemill: {ours.calls} calls, at most {ours.most_at_once} at once, "
                    f"{ours.most_bytes / 2**20:.0f} MiB; beyond 1.15 of the ideal {ours.seconds - 1.15 * ideal:.1f} s",
                    flush=True,
                )


def memory(pairs: int, slots: int, folder: Path) -> None:
    with endpoint(0) as address:
        config = prepared(folder, pairs, address, slots)
        found = measure([sys.executable, "-m", "synth.cli.main", "run", str(config), "--quiet"], address, folder)
        print(
            f"{pairs} pairs, {found.calls} calls in {found.seconds:.0f} s: {pairs / found.seconds:.0f} pairs and "
            f"{found.calls / found.seconds:.0f} calls a second; {found.most_bytes / 2**20:.0f} MiB at most, in all "
            "processes together"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=int)
    arguments.add_argument("--slots", type=int, nargs="+", default=[64, 256])
    arguments.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    arguments.add_argument("--memory", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.memory:
            memory(given.pairs or 100_000, given.slots[-1], Path(folder))
        else:
            throughput(given.pairs or 1000, given.slots, given.only, Path(folder))


if __name__ == "__main__":
    main()
