"""How far the calls are, in a small file that the command line reads while another process makes the calls."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from synth.teacher.call import CallError, Reply

_SECONDS_BETWEEN_WRITES = 0.2


@dataclass(slots=True)
class Counts:
    """Calls so far: `answered` were paid for now, `reused` in an earlier run, `failed` brought no reply in the end.

    `tries` are those that brought none, whether they were repeated or not. `batch_done` of `batch_total` is what the
    provider says of the batches that are open there. `cost_usd` is what the answered cost, `reused_usd` what the reused
    had cost; 0 where no price is known. `ended` is why no more calls were made, where that is so. Of
    `looked_at` pairs the filters would keep `kept`.
    """

    answered: int = 0
    reused: int = 0
    failed: int = 0
    tries: int = 0
    in_flight: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    reused_usd: float = 0.0
    batch_done: int = 0
    batch_total: int = 0
    looked_at: int = 0
    kept: int = 0
    ended: str = ""


class Progress:
    """Counts, written to `path` at most five times a second; nowhere without a path."""

    def __init__(self, path: Path | None) -> None:
        self.counts = Counts()
        self._path = path
        self._written = 0.0

    def reused(self, cost: float) -> None:
        self.counts.reused += 1
        self.counts.reused_usd += cost
        self.write()

    def answered(self, reply: Reply, cost: float) -> None:
        self.counts.answered += 1
        self.counts.cost_usd += cost
        self.counts.input_tokens += reply.input_tokens
        self.counts.output_tokens += reply.output_tokens
        self.write()

    def tried(self) -> None:
        self.counts.tries += 1
        self.write()

    def failed(self) -> None:
        self.counts.failed += 1
        self.write()

    def batches(self, done: int, total: int) -> None:
        self.counts.batch_done, self.counts.batch_total = done, total
        self.write()

    def end(self, why: CallError) -> None:
        self.counts.ended = why.message
        self.write(force=True)

    def in_flight(self, calls: int) -> None:
        self.counts.in_flight = calls
        self.write()

    def write(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if self._path is None or (now - self._written < _SECONDS_BETWEEN_WRITES and not force):
            return
        self._written = now
        beside = self._path.with_suffix(".tmp")
        beside.write_text(json.dumps(asdict(self.counts)))
        os.replace(beside, self._path)


def read(path: Path) -> Counts:
    """The counts as last written; zeros where nothing was."""
    try:
        return Counts(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return Counts()
