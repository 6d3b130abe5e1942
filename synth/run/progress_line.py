"""Shows how far a job of the engine is, and lets a person stop it."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from synth.errors import RunError
from synth.run.engine import Engine
from synth.teacher import progress
from synth.teacher.budget import usd
from synth.teacher.progress import Counts

_LOOK_SECONDS = 0.25
_LINE_SECONDS = 30.0


def follow(engine: Engine, teacher: dict[str, Any], calls: int, *, doing: str, quiet: bool) -> Counts:
    """Wait for the job that the engine has begun. `teacher` is what `for_engine` gave it; `doing` stands beside the
    progress. Returns the counts of calls.

    The first SIGINT or SIGTERM lets calls in flight finish and makes no more; the second ends the engine at once.
    Raises RunError where the engine ended, or was stopped; what was paid for is in the journal.
    """
    counts_path, stop = Path(teacher["progress"]), Path(teacher["stop"])
    with _interrupts(engine, stop, teacher["mode"]) as interrupts, _bar(calls, doing, quiet) as bar:
        try:
            while not engine.is_done(_LOOK_SECONDS):
                bar.show(progress.read(counts_path))
        except RunError:
            if not interrupts:
                raise
        counts = progress.read(counts_path)
        bar.show(counts, last=True)
    if interrupts:
        batch = counts.ended.removeprefix("stopped") if counts.ended.startswith("stopped;") else ""
        raise RunError(f"stopped; {counts.answered + counts.reused} of {calls} calls are in the journal{batch}")
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
    if cost := counts.cost_usd + counts.reused_usd:
        shown["cost"] = f"${usd(cost)}"
    if counts.looked_at:
        shown["kept"] = f"{counts.kept / counts.looked_at:.0%}"
    if counts.batch_total:
        shown["batch"] = f"{counts.batch_done}/{counts.batch_total}"
    if counts.reused:
        shown["reused"] = counts.reused
    if counts.tries:
        shown["retried"] = counts.tries
    if counts.failed:
        shown["failed"] = counts.failed
    return shown


@contextmanager
def _interrupts(engine: Engine, stop: Path, mode: str) -> Iterator[list[int]]:
    """Collects the interrupts that came. The first asks the engine to stop, by a file: a signal could be missed."""
    came: list[int] = []

    def interrupt(number: int, frame: object) -> None:
        came.append(number)
        if len(came) == 1:
            doing = "finishing the calls in flight" if mode == "live" else "leaving the batch to the provider"
            print(f"\n{doing}; once more stops at once", file=sys.stderr, flush=True)
            stop.touch()
        else:
            engine.kill()

    if threading.current_thread() is not threading.main_thread():
        yield came  # of a program that uses us; only its main thread may take signals
        return
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
