"""A teacher that is asked through the Batch API: half the price, and answers within a day."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from synth.teacher.batch_client import Batch, BatchClient, line
from synth.teacher.batch_desk import DEFAULT_PACE, BatchDesk, Pace
from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.journal import Journal
from synth.teacher.ledger import Entry, Ledger, pieces
from synth.teacher.progress import Progress

MOST_REQUESTS, MOST_BYTES = 50_000, 200_000_000  # of an input file: https://platform.openai.com/docs/guides/batch

_MODES: tuple[ReplyMode, ...] = ("json_schema", "json_object", "text")
_LOOK_FOR_STOP_SECONDS = 0.2


@dataclass(slots=True, eq=False)
class _Row:
    """A request that somebody waits for. `sent` counts the batches that it went out in."""

    request: Request
    answer: asyncio.Future[Reply | CallError]
    mode: ReplyMode
    sent: int = 0


class BatchTeacher:
    """Answers requests: from the journal where they were answered before, else from a batch.

    Asks that come close together go out together, in one batch or more. Whatever the ledger holds is waited for and not
    sent again. Rows that come back without an answer (missing, expired, failed with an error that may pass) go out
    again, `retries` times. After an error that no batch can escape, and after a stop, every request is answered with
    it; open batches go on at the provider, and the next teacher over the same folder picks them up. Use from one event
    loop.
    """

    def __init__(
        self,
        client: BatchClient,
        journal: Journal,
        ledger: Ledger,
        progress: Progress,
        *,
        budget: Budget | None = None,
        retries: int,
        mode: ReplyMode | None = None,
        stopped: Callable[[], bool] = lambda: False,
        pace: Pace = DEFAULT_PACE,
        most_requests: int = MOST_REQUESTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._client = client
        self._desk = BatchDesk(client, ledger, pace, retries)
        self._journal = journal
        self._ledger = ledger
        self._progress = progress
        self._budget = budget or Budget()
        self._retries = retries
        self._modes = (mode,) if mode else _MODES
        self._mode = self._modes[0]  # what new requests start with: the first that brought a reply
        self._mode_is_known = False
        self._stopped = stopped
        self._pace = pace
        self._most_requests, self._most_bytes = most_requests, most_bytes
        self._rows: dict[str, _Row] = {}
        self._fresh: list[_Row] = []  # to go out with the next batch
        self._held: list[_Row] = []  # until the budget has room again
        self._arrived = 0.0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._crowded: set[str] = set()  # batches that wait for the end of another
        self._counts: dict[str, tuple[int, int]] = {}
        self._over: CallError | None = None
        ledger.close_answered(journal)

    async def ask(self, request: Request) -> Reply | CallError:
        """Never raises. A reply is in the journal before it is returned."""
        try:
            known = self._journal.get(request)
        except OSError as failure:
            known = None
            self._end(CallError("endpoint", f"the journal cannot be written: {failure}"))
        if known is not None:
            self._progress.reused(self._budget.cost(request, known))
            return known
        if self._over is not None:
            return self._over
        row = self._rows.get(request.key)
        if row is None:
            row = self._rows[request.key] = _Row(request, asyncio.get_running_loop().create_future(), self._mode)
            self._go_out([row])
            self._start("stop", self._watch_for_stop)
        return await row.answer

    def _go_out(self, rows: Iterable[_Row]) -> None:
        self._fresh += rows
        self._arrived = time.monotonic()
        if self._fresh:
            self._start("collect", self._collect)

    def _start(self, name: str, work: Callable[[], Coroutine[Any, Any, CallError | None]]) -> None:
        """As a task, unless one of that name runs. An error that it returns or raises is the end of all."""

        async def run() -> None:
            try:
                error = await work()
            except OSError as failure:
                error = CallError("endpoint", f"the journal or its ledger cannot be written: {failure}")
            except Exception as failure:  # a task that dies unseen would leave its requests waiting for ever
                error = CallError("endpoint", f"the batch could not be handled: {type(failure).__name__}: {failure}")
            if self._tasks.get(name) is asyncio.current_task():
                del self._tasks[name]
            if error is not None:
                self._end(error)

        if name not in self._tasks:
            self._tasks[name] = asyncio.get_running_loop().create_task(run())

    async def _watch_for_stop(self) -> CallError | None:
        while self._rows:
            if self._stopped():
                going_on = any(entry.batch for entry in self._ledger.open())
                after = "; the batch goes on at the provider, and the same command picks it up" if going_on else ""
                return CallError("stopped", f"stopped{after}")
            await asyncio.sleep(_LOOK_FOR_STOP_SECONDS)
        return None

    def _end(self, error: CallError) -> None:
        if self._over is None:
            self._over = error
            self._progress.end(error)
        for task in self._tasks.values():
            if task is not asyncio.current_task():
                task.cancel()
        self._tasks.clear()
        self._fresh.clear()
        self._answer([(row, self._over) for row in self._rows.values()])

    def _answer(self, answers: Iterable[tuple[_Row, Reply | CallError]]) -> None:
        for row, outcome in list(answers):
            self._rows.pop(row.request.key, None)
            if not row.answer.done():
                row.answer.set_result(outcome)

    async def _collect(self) -> CallError | None:
        """Find the batch that holds each request, or send it with a new one."""
        while self._fresh:
            while (rest := self._arrived + self._pace.quiet - time.monotonic()) > 0:
                await asyncio.sleep(rest)
            rows, self._fresh = {row.request.key: row for row in self._fresh}, []
            for entry in self._ledger.open():
                held = [rows.pop(key) for key in entry.keys if key in rows]
                if held:
                    self._start(entry.name, partial(self._pick_up, entry))
            refusal = self._hold_back(rows)
            if refusal is not None:
                return refusal
            for mode in self._modes:
                lines = ((key, line(row.request, mode)) for key, row in rows.items() if row.mode == mode)
                for piece in pieces(lines, self._most_requests, self._most_bytes):
                    made = await self._desk.make(mode, piece)
                    if isinstance(made, CallError):
                        return made
                    for row in self._wanted(made):
                        row.sent += 1
                    self._start(made.name, partial(self._carry, made))
        return None

    def _hold_back(self, rows: dict[str, _Row]) -> CallError | None:
        """Take out what the budget has no room for while others are out; an error where none are, and none fits."""
        kept_waiting = {row.request.key for row in (*self._fresh, *self._held)}
        out = [row for key, row in self._rows.items() if key not in rows and key not in kept_waiting]
        room = self._budget.left() - sum(self._budget.most(row.request) for row in out)
        for key, row in list(rows.items()):
            room -= self._budget.most(row.request)
            if room < 0:
                self._held.append(rows.pop(key))
        if self._held and not rows and not out:
            return self._budget.refusal(self._held[0].request)
        return None

    async def _pick_up(self, intended: Entry) -> CallError | None:
        entry = await self._desk.find(intended)
        if isinstance(entry, Entry):
            return await self._carry(entry)
        if entry is None:
            self._go_out(self._wanted(intended))
        return entry

    async def _carry(self, entry: Entry) -> CallError | None:
        """Wait for the end of a batch, and deal with what came of it."""
        batch = await self._desk.end(entry, partial(self._show, entry))
        if isinstance(batch, CallError):
            return batch
        try:
            return await (self._refused(entry, batch) if batch.failure else self._take_in(entry, batch))
        finally:
            self._show(entry, None)
            held, self._held = self._held, []
            self._go_out(held)

    async def _take_in(self, entry: Entry, batch: Batch) -> CallError | None:
        """Replies to the journal, then the batch closed, and only then whoever waits is answered."""
        answers: dict[str, tuple[_Row, Reply | CallError]] = {}
        again: dict[str, _Row] = {}
        fatal: CallError | None = None
        for file in batch.files:
            results = await self._desk.results(entry, file)
            if isinstance(results, CallError):
                return results
            for key, outcome in results:
                row = self._rows.get(key)
                if row is None or key in answers or key in again:
                    continue
                if isinstance(outcome, CallError) and outcome.kind == "endpoint":
                    fatal = outcome
                elif self._settled(row, outcome, entry.mode):
                    answers[key] = (row, outcome)
                else:
                    again[key] = row
        missing = CallError("transient", f"batch {batch.id} brought nothing for this request")
        for row in self._wanted(entry):
            key = row.request.key
            if fatal is None and key not in answers and key not in again:
                if self._settled(row, missing, entry.mode):
                    answers[key] = (row, missing)
                else:
                    again[key] = row
        self._ledger.left(entry, [key for key in entry.keys if key not in self._rows and not self._journal.has(key)])
        self._answer(answers.values())
        self._go_out(again.values())
        return fatal

    def _settled(self, row: _Row, outcome: Reply | CallError, mode: ReplyMode) -> bool:
        """Whether that is the answer, and the request does not go out again."""
        if isinstance(outcome, Reply):
            self._journal.put(row.request, outcome)
            self._progress.answered(outcome, self._budget.paid(row.request, outcome))
            if not self._mode_is_known and mode in self._modes:
                self._mode, self._mode_is_known = mode, True
            return True
        if outcome.kind == "request":
            # A batch of an earlier process may have asked in a mode that the config has left.
            later = self._modes[self._modes.index(mode) + 1 :] if mode in self._modes else (row.mode,)
            if later and ("response_format" in outcome.message or "json_schema" in outcome.message):
                row.mode = later[0]
                return False
        elif row.sent <= self._retries:
            return False
        self._progress.failed()
        return True

    async def _refused(self, entry: Entry, batch: Batch) -> CallError | None:
        """The provider took nothing of the batch. Where too many tokens wait already, it is tried again after the end
        of another of ours, or else in halves."""
        rows = self._wanted(entry)
        error = CallError("endpoint", f"the provider refused batch {batch.id}: {batch.failure}")
        no_batches = {"stop", "collect", entry.name} | self._crowded
        others = [task for name, task in self._tasks.items() if name not in no_batches]
        if batch.crowded and others:
            self._crowded.add(entry.name)
            await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
            self._crowded.remove(entry.name)
        elif batch.crowded and len(entry.keys) > 1:
            self._most_requests = min(self._most_requests, len(entry.keys) // 2)
        else:
            self._ledger.left(entry, ())
            return error
        self._ledger.left(entry, ())
        for row in rows:
            row.sent = max(0, row.sent - 1)
        self._go_out(rows)
        return None

    def _wanted(self, entry: Entry) -> list[_Row]:
        return [self._rows[key] for key in entry.keys if key in self._rows]

    def _show(self, entry: Entry, batch: Batch | None) -> None:
        self._counts.pop(entry.name, None)
        if batch is not None:
            self._counts[entry.name] = (batch.completed, batch.total)
        done, total = (sum(column) for column in zip(*self._counts.values(), strict=True)) if self._counts else (0, 0)
        self._progress.batches(done, total)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._journal.close()
        self._progress.write(force=True)
        await self._client.close()
