"""Starts the engine as a process of its own, shows how far it is, passes interrupts on, and waits for its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from synth.errors import RunError
from synth.run.folder import RunFolder
from synth.teacher import progress
from synth.teacher.progress import Counts

_LOOK_SECONDS = 0.25
_LINE_SECONDS = 30.0


def run(folder: RunFolder, job: dict[str, Any], calls: int, *, doing: str, quiet: bool) -> Counts:
    """Run the engine to its end. `doing` stands beside the progress. Returns the counts of calls.

    The first SIGINT or SIGTERM lets calls in flight finish and makes no more; the second ends the engine at once.
    Raises RunError where the engine failed or was ended; what was paid for is in the journal.
    """
    counts_path = Path(job["teacher"]["progress"])
    job_path = folder.work / "job.json"
    job_path.write_text(json.dumps(job))
    command = [sys.executable, "-m", "synth.engine.host", str(job_path), str(os.getpid())]
    with folder.engine_log.open("wb") as log:
        engine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        with _interrupts(engine) as interrupts, _bar(calls, doing, quiet) as bar:
            while engine.poll() is None:
                time.sleep(_LOOK_SECONDS)
                bar.show(progress.read(counts_path))
            counts = progress.read(counts_path)
            bar.show(counts, last=True)
    finally:
        _end(engine)
    if interrupts:
        raise RunError(f"stopped; {counts.answered + counts.reused} of {calls} calls are in the journal")
    if engine.returncode != 0 and not counts.last_error:
        raise RunError(f"the engine ended with code {engine.returncode}: {_last_line(folder.engine_log)}")
    return counts


class _Bar:
    """A tqdm bar where a person looks on; a line every half minute elsewhere."""

    def __init__(self, calls: int, doing: str, quiet: bool) -> None:
        self._tty = sys.stderr.isatty()
        self._quiet = quiet
        self._calls = calls
        self._doing = doing
        self._bar = tqdm(total=calls, unit="call", desc=doing, disable=quiet or not self._tty, smoothing=0.1)
        self._said = self._started = time.monotonic()

    def show(self, counts: Counts, *, last: bool = False) -> None:
        done = min(counts.answered + counts.reused + counts.failed, self._calls)
        self._bar.set_postfix(_postfix(counts), refresh=False)
        self._bar.update(done - self._bar.n)
        if not self._tty and not self._quiet and (last or time.monotonic() - self._said > _LINE_SECONDS):
            self._said = time.monotonic()
            meter = tqdm.format_meter(done, self._calls, self._said - self._started, unit="call", prefix=self._doing)
            print(meter, ", ".join(f"{key}={value}" for key, value in _postfix(counts).items()), file=sys.stderr)

    def close(self) -> None:
        self._bar.close()


@contextmanager
def _bar(calls: int, doing: str, quiet: bool) -> Iterator[_Bar]:
    bar = _Bar(calls, doing, quiet)
    try:
        yield bar
    finally:
        bar.close()


def _postfix(counts: Counts) -> dict[str, Any]:
    shown: dict[str, Any] = {"slots": counts.in_flight, "tokens": counts.input_tokens + counts.output_tokens}
    if counts.reused:
        shown["reused"] = counts.reused
    if counts.failed:
        shown["failed"] = counts.failed
    return shown


@contextmanager
def _interrupts(engine: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Collects the interrupts that came, and hands them to the engine's process group."""
    came: list[int] = []

    def interrupt(number: int, frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            print("\nfinishing the calls in flight; once more stops at once", file=sys.stderr, flush=True)
        _signal(engine, signal.SIGINT if len(came) == 1 else signal.SIGKILL)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(engine: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(engine.pid, number)
    except ProcessLookupError:
        pass


def _end(engine: subprocess.Popen[bytes]) -> None:
    """Whatever is left of the engine's process group goes."""
    _signal(engine, signal.SIGKILL)
    engine.wait()


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"{lines[-1] if lines else 'it said nothing'} (all of it in {log})"
