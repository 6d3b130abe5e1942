"""A teacher: endpoints behind a journal, with retries, a first call that goes alone, and a stop."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Self

from tenacity import AsyncRetrying, RetryCallState, wait_random_exponential

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client, ReplyMode
from synth.teacher.endpoints import Endpoint
from synth.teacher.gate import Gate, LocalGate, Made, Turn
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress

_MODES: tuple[ReplyMode, ...] = ("json_schema", "json_object", "text")
_LEAST = (("user", "Reply with the word yes."),)
_LOOK_SECONDS = 0.2
_BACK_OFF = wait_random_exponential(multiplier=0.5, max=30)
_THROTTLED_TRIES = 8


class Teacher:
    """Answers requests: from the journal where they were answered before, else by a call when the gate gives it a turn.

    An endpoint's first call goes alone, so that a wrong key, model or address costs one call, and finds out how the
    endpoint takes a JSON schema. A request that is refused while a trivial one is answered is that request's own
    trouble. What may pass (timeouts, 5xx, dropped connections) is tried again `retries` times, with jitter, in
    whichever slot is free then; what the endpoint has no room for is tried again when it said so, or eight times.

    After an error that no other call can escape nothing more is sent; neither when the gate says that too many calls
    failed. `clients` are those of the gate's endpoints, in its order. Use from one event loop.
    """

    def __init__(
        self,
        clients: Sequence[Client],
        journal: Journal,
        gate: Gate,
        *,
        retries: int = 4,
        mode: ReplyMode | None = None,
    ) -> None:
        self._clients = tuple(clients)
        self._journal = journal
        self._gate = gate
        self._retries = retries
        self._modes = (mode,) if mode else _MODES
        self._answered = False
        self._asked: dict[str, asyncio.Task[Reply | CallError]] = {}
        self._look: asyncio.Task[None] | None = None

    @classmethod
    def alone(
        cls,
        endpoints: Sequence[Endpoint],
        journal: Journal,
        progress: Progress,
        *,
        retries: int = 4,
        max_failing: float = 0.25,
        mode: ReplyMode | None = None,
        budget: Budget | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Self:
        """With these endpoints to itself."""
        gate = LocalGate(endpoints, progress, budget or Budget(), max_failing=max_failing, stopped=stopped)
        return cls([one.client for one in endpoints], journal, gate, retries=retries, mode=mode)

    async def ask(self, request: Request) -> Reply | CallError:
        """Never raises. A reply is in the journal before it is returned."""
        try:
            known = self._journal.get(request)
        except OSError as error:
            return self._unwritten(error)
        if known is not None:
            self._gate.reused(request, known)
            await asyncio.sleep(0)  # thousands of them in a row must not keep replies waiting
            return known
        if self._look is None:
            await self._gate.look()
            self._look = self._look or asyncio.create_task(self._look_for_a_stop())
        if (twin := self._asked.get(request.key)) is not None:
            return await twin
        self._asked[request.key] = asyncio.ensure_future(self._ask(request))
        try:
            return await self._asked[request.key]
        finally:
            del self._asked[request.key]

    async def _ask(self, request: Request) -> Reply | CallError:
        retrying = AsyncRetrying(
            sleep=self._sleep,
            wait=_wait,
            stop=self._gives_up,
            retry=lambda state: _may_pass(_outcome(state)),
            retry_error_callback=_outcome,
        )
        outcome: Reply | CallError = await retrying(self._try, request)
        if isinstance(outcome, CallError) and outcome.kind == "transient" and not self._answered:
            await self._try(replace(request, messages=_LEAST, schema="", sample=0))
            if not self._answered:
                return self._gate.end(replace(outcome, kind="endpoint"))
        if isinstance(outcome, CallError) and outcome.kind not in ("endpoint", "stopped"):
            self._gate.failed(outcome)
        return outcome

    async def _try(self, request: Request) -> Reply | CallError:
        turn = await self._gate.enter(request)
        if not isinstance(turn, Turn):
            return turn
        self._answered = self._answered or turn.answered
        taken = _Taken(turn)
        try:
            if turn.mode is None:
                return await self._open(taken, request)
            return await self._call(taken, request, turn.mode)
        finally:
            await self._gate.leave(turn, taken.made, taken.mode)

    async def _open(self, taken: "_Taken", request: Request) -> Reply | CallError:
        first_error: CallError | None = None
        for mode in self._modes:
            outcome = await self._call(taken, request, mode)
            if isinstance(outcome, Reply):
                taken.mode = mode
                return outcome
            first_error = first_error or outcome
            if outcome.kind != "request":
                return await self._unopened(taken, request, outcome)
        assert first_error is not None
        if not await self._answers_anything(taken, request):
            return self._gate.end(replace(first_error, kind="endpoint"))
        return first_error

    async def _unopened(self, taken: "_Taken", request: Request, error: CallError) -> CallError:
        """Tries of whichever calls count together: none of them has its own before the others have one, too."""
        if error.kind != "transient" or error.throttled or taken.turn.tries < self._retries:
            return error
        if await self._answers_anything(taken, request):
            return error
        return self._gate.end(replace(error, kind="endpoint"))

    async def _answers_anything(self, taken: "_Taken", refused: Request) -> bool:
        """Whether the least that can be asked is answered, so that the trouble is the request's own. Asks once."""
        if not self._answered:
            await self._call(taken, replace(refused, messages=_LEAST, schema="", sample=0), "text")
        return self._answered

    async def _call(self, taken: "_Taken", request: Request, mode: ReplyMode) -> Reply | CallError:
        if self._gate.over is not None:
            return self._gate.over
        outcome = await self._clients[taken.turn.endpoint].ask(request, mode)
        if isinstance(outcome, Reply):
            try:
                self._journal.put(request, outcome)
            except OSError as error:
                return self._unwritten(error)
            self._answered = True
        taken.made.append((request, outcome))
        return self._gate.end(outcome) if isinstance(outcome, CallError) and outcome.kind == "endpoint" else outcome

    def _unwritten(self, error: OSError) -> CallError:
        return self._gate.end(CallError("endpoint", f"the journal cannot be written: {error}"))

    async def _look_for_a_stop(self) -> None:
        while self._gate.over is None:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._gate.look()

    async def _sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._gate.over is None and (left := end - loop.time()) > 0:
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    def _gives_up(self, state: RetryCallState) -> bool:
        outcome = _outcome(state)
        throttled = isinstance(outcome, CallError) and outcome.throttled
        return state.attempt_number > (max(self._retries, _THROTTLED_TRIES) if throttled else self._retries)

    async def close(self) -> None:
        if self._look is not None:
            self._look.cancel()
        self._journal.close()
        await self._gate.close()
        for client in self._clients:
            await client.close()


class _Taken:
    """A turn that is under way, the calls made in it, and the mode in which one was answered."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.made: list[Made] = []
        self.mode: ReplyMode | None = None


def _outcome(state: RetryCallState) -> Reply | CallError:
    assert state.outcome is not None
    outcome: Reply | CallError = state.outcome.result()
    return outcome


def _may_pass(outcome: Reply | CallError) -> bool:
    return isinstance(outcome, CallError) and outcome.kind == "transient"


def _wait(state: RetryCallState) -> float:
    outcome = _outcome(state)
    told = outcome.retry_after if isinstance(outcome, CallError) else None
    return max(told or 0.0, _BACK_OFF(state))
