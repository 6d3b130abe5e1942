"""How long 4,000 calls take, beside the bare openai client and stock distilabel, all in one run.

    python -m benchmarks.throughput [--pairs 1000] [--slots 64 256] [--only judgemill] [--peers]

Starts an endpoint in a process of its own that answers after lognormal waits (median 0.3 s, sigma 0.6), the same for
everybody. judgemill does all of its work: reading rows, 1,000 pairs compared in both orders and graded each alone,
journal, parsing, filters and export. The others only ask what it asks. Seconds are of whole processes; the ideal is the
sum of the waits over the slots. Whoever breaks, or asks less, is said so in the row, and the others go on.

`--peers` adds Bespoke Curator and NeMo Data Designer, which pip installs into environments of their own on first use.

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.load import write_pairs
from benchmarks.peers import PEERS, Broken, Peer, installed, last_line
from synth.run import intake
from synth.run.prepare import prepare
from synth.run.requests import requests
from synth.teacher.client import body
from synth.teacher.local.weights import default_cache

CONTENDERS = ("bare openai client", "stock distilabel", "judgemill")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """One process from its start to its end. `waited` are seconds that the endpoint let calls wait, summed up.

    `prompts` are the different ones among the calls: a probe or a second try does not make up for one left out.
    """

    seconds: float
    calls: int
    prompts: int
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


def measure(command: list[str], address: str, folder: Path, home: Path | None = None) -> Measured:
    """Raises Broken with the last line of a process that fails. `home` keeps its caches out of the user's folder."""
    environment = {**os.environ, "HOME": str(home)} if home else None
    urllib.request.urlopen(urllib.request.Request(f"{address}/reset", method="POST")).close()
    began = time.monotonic()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        memory = _Memory(process.pid)
        memory.start()
        code = process.wait()
    seconds = time.monotonic() - began
    memory.over.set()
    if code:
        text = (folder / "log").read_text(errors="replace")
        print(f"{' '.join(command)}\nended with {code}:\n{text[-2000:]}", file=sys.stderr)
        raise Broken(f"ended with {code}: {last_line(text)}")
    with urllib.request.urlopen(f"{address}/count") as answer:
        count = json.load(answer)
    return Measured(seconds, count["calls"], count["prompts"], count["waited"], count["most_in_flight"], memory.most)


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


@dataclass(frozen=True)
class Contender:
    """Runs with `python` in a `home` of its own, where one is given; `heading` tells a peer's version.

    Without a python it could not be installed, and `why_not` has the reason.
    """

    heading: str
    python: Path | None = Path(sys.executable)
    home: Path | None = None
    why_not: str = ""

    def measured(self, arguments: list[str], address: str, folder: Path, prompts: int) -> Measured:
        """Raises Broken where it is not there, fails, or has not asked all `prompts`."""
        if self.python is None:
            raise Broken(self.why_not)
        found = measure([str(self.python), *arguments], address, folder, self.home)
        if found.prompts < prompts:
            raise Broken(f"asked {found.prompts} of {prompts} prompts")
        return found


def invited(only: list[str], peers: Sequence[Peer], cache: Path, home: Path) -> dict[str, Contender]:
    contenders = {name: Contender(name) for name in only}
    for peer in peers:
        try:
            python, version = installed(peer, cache / "peers")
            contenders[peer.name] = Contender(f"{peer.name} {version}", python, home)
        except Broken as error:
            contenders[peer.name] = Contender(peer.name, None, why_not=f"not installed: {error}")
    return contenders


def throughput(pairs: int, slots: list[int], contenders: dict[str, Contender], folder: Path) -> bool:
    """Whether everybody was measured, peers aside."""
    whole = True
    calls = 4 * pairs
    with endpoint(0.3) as address:
        print(f"{calls} calls; whole processes, wall seconds; {os.cpu_count()} cores, shared with the endpoint\n")
        headings = " | ".join(f"{contender.heading:>18}" for contender in contenders.values())
        print(f"| {'slots':>5} | {'ideal':>6} | {headings} |", flush=True)
        for at_once in slots:
            config = prepared(folder, pairs, address, at_once)
            write_requests(config, folder / "requests.jsonl")
            arguments = [address, str(folder / "requests.jsonl"), str(at_once)]
            commands = {
                "bare openai client": ["-m", "benchmarks.contenders.bare_openai", *arguments],
                "stock distilabel": ["-m", "benchmarks.contenders.stock_distilabel", *arguments],
                "judgemill": ["-m", "synth.cli.main", "run", str(config), "--quiet"],
                **{peer.name: ["-m", f"benchmarks.contenders.{peer.script}", *arguments] for peer in PEERS},
            }
            found: dict[str, Measured] = {}
            cells = []
            for name, contender in contenders.items():
                try:
                    one = found[name] = contender.measured(commands[name], address, folder, calls)
                    cell = f"{one.seconds:.1f}" + (f" ({one.calls} calls)" if one.calls != calls else "")
                except Broken as error:
                    cell = str(error).replace("|", "/")
                    whole = whole and name not in CONTENDERS
                cells.append(f"{cell:>{max(18, len(contender.heading))}}")
            ideal = next((one.waited for one in found.values()), 0.0) / at_once
            print(f"| {at_once:>5} | {ideal:>6.1f} | {' | '.join(cells)} |", flush=True)
            if "judgemill" in found:
                ours = found["judgemill"]
                print(
                    f"        judgemill: {ours.calls} calls, at most {ours.most_at_once} at once, "
                    f"{ours.most_bytes / 2**20:.0f} MiB; beyond 1.15 of the ideal {ours.seconds - 1.15 * ideal:.1f} s",
                    flush=True,
                )
    return whole


def memory(pairs: int, slots: int, folder: Path) -> None:
    with endpoint(0) as address:
        config = prepared(folder, pairs, address, slots)
        found = measure([sys.executable, "-m", "synth.cli.main", "run", str(config), "--quiet"], address, folder)
        print(
            f"{pairs} pairs, {found.calls} calls in {found.seconds:.0f} s: {pairs / found.seconds:.0f} pairs and "
            f"{found.calls / found.seconds:.0f} calls a second; {found.most_bytes / 2**20:.0f} MiB at most, in all "
            "processes together"
        )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=int)
    arguments.add_argument("--slots", type=int, nargs="+", default=[64, 256])
    arguments.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    arguments.add_argument("--peers", action="store_true", help="beside Curator and Data Designer, too")
    arguments.add_argument("--memory", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, home = Path(temporary), Path(temporary) / "home"
        home.mkdir()
        if given.memory:
            try:
                memory(given.pairs or 100_000, given.slots[-1], folder)
            except Broken as error:
                sys.exit(str(error))
            return 0
        contenders = invited(given.only, PEERS if given.peers else (), default_cache(), home)
        return 0 if throughput(given.pairs or 1000, given.slots, contenders, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
