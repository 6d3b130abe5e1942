"""A teacher: a client behind a journal, with slots, a first call that goes alone, and a stop."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client, ReplyMode
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress

_MODES: tuple[ReplyMode, ...] = ("json_schema", "json_object", "text")
_LEAST = (("user", "Reply with the word yes."),)
_FAILURES_IN_A_ROW = 20


class Teacher:
    """Answers requests: from the journal where they were answered before, else by a call in one of `slots`.

    The first call goes alone, so that a wrong key, model or address costs one call, and finds out how the endpoint
    takes a JSON schema. A request that is refused while a trivial one is answered is that request's own trouble. After
    an error that no other call can escape, nothing more is sent. Use from one event loop.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        progress: Progress,
        *,
        slots: int,
        mode: ReplyMode | None = None,
        budget: Budget | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._journal = journal
        self._progress = progress
        self._budget = budget or Budget()
        self._slots = asyncio.Semaphore(slots)
        self._first = asyncio.Lock()
        self._modes = (mode,) if mode else _MODES
        self._mode: ReplyMode | None = None
        self._failures_in_a_row = 0
        self._stopped = stopped
        self._over: CallError | None = None

    async def ask(self, request: Request) -> Reply | CallError:
        """Never raises. A reply is in the journal before it is returned."""
        known = self._journal.get(request)
        if known is not None:
            self._progress.reused(self._budget.cost(request, known))
            return known
        if self._mode is None:
            async with self._first:
                if self._mode is None:
                    return await self._open(request)
        async with self._slots:
            return await self._call(request, self._mode)

    async def _open(self, request: Request) -> Reply | CallError:
        first_error: CallError | None = None
        for mode in self._modes:
            outcome = await self._call(request, mode)
            if isinstance(outcome, Reply):
                self._mode = mode
                return outcome
            first_error = first_error or outcome
            if outcome.kind != "request":
                break
        assert first_error is not None
        if first_error.kind != "request" or not await self._answers_anything(request):
            self._over = self._over or replace(first_error, kind="endpoint")
            return self._over
        return first_error

    async def _answers_anything(self, refused: Request) -> bool:
        """Whether the endpoint takes the least that can be asked, so that it was the request it refused."""
        least = replace(refused, messages=_LEAST, schema=None, sample=0)
        return isinstance(self._journal.get(least) or await self._call(least, "text"), Reply)

    async def _call(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        async with self._budget.reserved(request) as refusal:
            self._over = self._over or refusal
            return await self._call_now(request, mode)

    async def _call_now(self, request: Request, mode: ReplyMode) -> Reply | CallError:
        if self._over is not None:
            return self._over
        if self._stopped():
            self._over = CallError("stopped", "stopped before this call was made")
            return self._over
        with self._progress.in_flight():
            outcome = await self._client.ask(request, mode)
        if isinstance(outcome, Reply):
            try:
                self._journal.put(request, outcome)
            except OSError as error:
                self._over = CallError("endpoint", f"the journal cannot be written: {error}")
                return self._over
        self._note(request, outcome)
        return outcome

    def _note(self, request: Request, outcome: Reply | CallError) -> None:
        if isinstance(outcome, Reply):
            self._failures_in_a_row = 0
            self._progress.answered(outcome, self._budget.paid(request, outcome))
            return
        self._progress.failed(outcome)
        self._failures_in_a_row += outcome.kind == "transient"
        if outcome.kind == "endpoint":
            self._over = outcome
        elif self._failures_in_a_row >= _FAILURES_IN_A_ROW:
            self._over = CallError("endpoint", f"{_FAILURES_IN_A_ROW} calls in a row failed; last: {outcome.message}")

    async def close(self) -> None:
        self._journal.close()
        self._progress.write(force=True)
        await self._client.close()
