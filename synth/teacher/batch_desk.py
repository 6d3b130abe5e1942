"""Batches from their making to their end: written down before they are made, found again, waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from synth.teacher.batch_client import Batch, BatchClient
from synth.teacher.call import CallError, Reply
from synth.teacher.client import ReplyMode
from synth.teacher.ledger import Entry, Ledger

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. Asks go out once none came for `quiet`. Batches are looked at after `poll`, then ever less often, down
    to every `slowest`. For `grace` a batch that was asked for may still appear. An endpoint may be out of reach for
    `patience` while a batch runs there."""

    quiet: float = 1.0
    poll: float = 1.0
    slowest: float = 60.0
    grace: float = 30.0
    patience: float = 3600.0


DEFAULT_PACE = Pace()


class BatchDesk:
    """One endpoint's batches. Every error is of the kind that ends a run, as it is not about a single request."""

    def __init__(self, client: BatchClient, ledger: Ledger, pace: Pace, retries: int) -> None:
        self._client = client
        self._ledger = ledger
        self._pace = pace
        self._retries = retries

    async def make(self, mode: ReplyMode, lines: list[tuple[str, bytes]]) -> Entry | CallError:
        """Upload the lines (request key, text), write down what is intended, have it made, write down its id."""
        file = await self._client.upload("judgemill", b"".join(text for _, text in lines))
        if isinstance(file, CallError):
            return replace(file, kind="endpoint")
        entry = self._ledger.intend(self._client.base_url, mode, [key for key, _ in lines])
        tries = 0
        while True:
            tries += 1
            made: Batch | CallError = await self._client.create(file, entry.name)
            if isinstance(made, CallError) and made.kind != "transient":
                self._ledger.forget(entry)
                return replace(made, kind="endpoint")
            if isinstance(made, CallError):
                made = await self._appeared(entry, time.time() + self._pace.grace) or made
            if isinstance(made, Batch):
                return self._ledger.made(entry, made.id)
            if made.kind != "transient" or tries > self._retries:
                return replace(made, kind="endpoint")

    async def find(self, entry: Entry) -> Entry | CallError | None:
        """The batch of an earlier process, with its id; None where it was never made."""
        if entry.endpoint != self._client.base_url:
            return self._out_of_reach(entry, f"it runs at {entry.endpoint}, not at {self._client.base_url}")
        if entry.batch:
            return entry
        found = await self._appeared(entry, entry.since + self._pace.grace)
        if isinstance(found, CallError):
            return self._out_of_reach(entry, found.message)
        if found is None:
            self._ledger.forget(entry)
            return None
        return self._ledger.made(entry, found.id)

    async def end(self, entry: Entry, show: Callable[[Batch], None]) -> Batch | CallError:
        """The batch once it has ended. `show` is called with what it is on the way."""
        pause = self._pace.poll
        while True:
            batch = await self._patiently(partial(self._client.look, entry.batch))
            if isinstance(batch, CallError):
                return self._out_of_reach(entry, batch.message)
            show(batch)
            if batch.ended:
                return batch
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, self._pace.slowest)

    async def results(self, entry: Entry, file: str) -> list[tuple[str, Reply | CallError]] | CallError:
        results = await self._patiently(partial(self._client.results, file))
        return self._out_of_reach(entry, results.message) if isinstance(results, CallError) else results

    async def _appeared(self, entry: Entry, until: float) -> Batch | CallError | None:
        """The batch that was intended: it may be in the making, though the answer to that was lost."""
        while True:
            found = await self._patiently(partial(self._client.named, entry.name))
            if found is not None or time.time() > until:
                return found
            await asyncio.sleep(self._pace.poll)

    def _out_of_reach(self, entry: Entry, why: str) -> CallError:
        """The next run looks for the batch again, until its file is deleted."""
        return CallError(
            "endpoint",
            f"batch {entry.batch or entry.name}: {why}; mend that and run again to pick it up, or delete "
            f"{self._ledger.path(entry)} to pay for its {len(entry.keys)} calls again",
        )

    async def _patiently(self, work: Callable[[], Awaitable[T | CallError]]) -> T | CallError:
        """Trouble on the way is no news of the batch."""
        until, pause = time.monotonic() + self._pace.patience, self._pace.poll
        while True:
            outcome = await work()
            if not isinstance(outcome, CallError) or outcome.kind != "transient" or time.monotonic() > until:
                return outcome
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, self._pace.slowest)
