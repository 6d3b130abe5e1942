"""A teacher: endpoints behind a journal, with retries, a first call that goes alone, and a stop."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from tenacity import AsyncRetrying, RetryCallState, wait_random_exponential

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.endpoints import Endpoint, Endpoints
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress

_MODES: tuple[ReplyMode, ...] = ("json_schema", "json_object", "text")
_LEAST = (("user", "Reply with the word yes."),)
_LOOK_SECONDS = 0.2
_BACK_OFF = wait_random_exponential(multiplier=0.5, max=30)
_THROTTLED_TRIES = 8
_WINDOW, _FEWEST = 100, 20


class Teacher:
    """Answers requests: from the journal where they were answered before, else by a call in a free slot.

    An endpoint's first call goes alone, so that a wrong key, model or address costs one call, and finds out how the
    endpoint takes a JSON schema. A request that is refused while a trivial one is answered is that request's own
    trouble. What may pass (timeouts, 5xx, dropped connections) is tried again `retries` times, with jitter, in
    whichever slot is free then; what the endpoint has no room for is tried again when it said so, or eight times.

    After an error that no other call can escape nothing more is sent; neither when more than `max_failing` of the last
    hundred calls (twenty at least) failed for good. Use from one event loop.
    """

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        journal: Journal,
        progress: Progress,
        *,
        retries: int = 4,
        max_failing: float = 0.25,
        mode: ReplyMode | None = None,
        budget: Budget | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._endpoints = Endpoints(endpoints)
        self._journal = journal
        self._progress = progress
        self._budget = budget or Budget()
        self._retries = retries
        self._max_failing = max_failing
        self._modes = (mode,) if mode else _MODES
        self._failed: deque[bool] = deque(maxlen=_WINDOW)
        self._stopped = stopped
        self._over: CallError | None = None
        self._answered = False
        self._asked: dict[str, asyncio.Task[Reply | CallError]] = {}
        self._look: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> Reply | CallError:
        """Never raises. A reply is in the journal before it is returned."""
        try:
            known = self._journal.get(request)
        except OSError as error:
            return self._end(CallError("endpoint", f"the journal cannot be written: {error}"))
        if known is not None:
            self._progress.reused(self._budget.cost(request, known))
            await asyncio.sleep(0)  # thousands of them in a row must not keep replies waiting
            return known
        if self._look is None:
            self._stop_if_asked()
            self._look = asyncio.create_task(self._look_for_a_stop())
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
        if isinstance(outcome, CallError) and outcome.kind == "transient" and not await self._answers_anything(request):
            return self._end(replace(outcome, kind="endpoint"))
        self._note(outcome)
        return outcome

    async def _try(self, request: Request) -> Reply | CallError:
        endpoint = await self._endpoints.acquire()
        if endpoint is None:
            assert self._over is not None
            return self._over
        try:
            await endpoint.within_rates(request)
            if endpoint.mode is None:
                return await self._open(endpoint, request)
            return await self._call(endpoint, request, endpoint.mode)
        finally:
            self._endpoints.release(endpoint)

    async def _open(self, endpoint: Endpoint, request: Request) -> Reply | CallError:
        first_error: CallError | None = None
        for mode in self._modes:
            outcome = await self._call(endpoint, request, mode)
            if isinstance(outcome, Reply):
                endpoint.mode = mode
                endpoint.slots.opened()
                return outcome
            first_error = first_error or outcome
            if outcome.kind != "request":
                return await self._unopened(endpoint, request, outcome)
        assert first_error is not None
        if not await self._answers_anything(request, endpoint):
            return self._end(replace(first_error, kind="endpoint"))
        return first_error

    async def _unopened(self, endpoint: Endpoint, request: Request, error: CallError) -> CallError:
        """Tries of whichever calls count together: none of them has its own before the others have one, too."""
        endpoint.tries += 1
        if error.kind != "transient" or error.throttled or endpoint.tries <= self._retries:
            return error
        return error if await self._answers_anything(request, endpoint) else self._end(replace(error, kind="endpoint"))

    async def _answers_anything(self, refused: Request, endpoint: Endpoint | None = None) -> bool:
        """Whether the least that can be asked is answered, so that the trouble is the request's own. Asks once."""
        if not self._answered:
            least = replace(refused, messages=_LEAST, schema="", sample=0)
            await self._call(endpoint or self._endpoints.all[0], least, "text")
        return self._answered

    async def _call(self, endpoint: Endpoint, request: Request, mode: ReplyMode) -> Reply | CallError:
        async with self._budget.reserved(request) as refusal:
            return self._end(refusal) if refusal else await self._call_now(endpoint, request, mode)

    async def _call_now(self, endpoint: Endpoint, request: Request, mode: ReplyMode) -> Reply | CallError:
        if self._over is not None:
            return self._over
        loop = asyncio.get_running_loop()
        began = loop.time()
        with self._progress.in_flight():
            outcome = await endpoint.client.ask(request, mode)
        if isinstance(outcome, Reply):
            try:
                self._journal.put(request, outcome)
            except OSError as error:
                return self._end(CallError("endpoint", f"the journal cannot be written: {error}"))
            self._answered = True
            endpoint.slots.answered()
            endpoint.took(outcome.output_tokens)
            self._progress.answered(outcome, self._budget.paid(request, outcome))
            return outcome
        self._progress.tried()
        if outcome.throttled:
            endpoint.slots.throttled(loop.time(), began, outcome.retry_after)
        elif outcome.kind == "transient":
            endpoint.slots.failed(loop.time(), began)
        return self._end(outcome) if outcome.kind == "endpoint" else outcome

    def _note(self, outcome: Reply | CallError) -> None:
        """Count what a call came to in the end."""
        if isinstance(outcome, CallError):
            if outcome.kind in ("endpoint", "stopped"):
                return
            self._progress.failed()
        self._failed.append(isinstance(outcome, CallError))
        failed, of = sum(self._failed), len(self._failed)
        if isinstance(outcome, CallError) and of >= _FEWEST and failed > of * self._max_failing:
            said = f"{failed} of the last {of} calls failed; last: {outcome.message}"
            self._end(CallError("endpoint", said))

    def _end(self, why: CallError) -> CallError:
        """No call is made from here on."""
        if self._over is None:
            self._over = why
            self._progress.end(why)
        self._endpoints.close()
        return self._over

    async def _look_for_a_stop(self) -> None:
        while self._over is None:
            await asyncio.sleep(_LOOK_SECONDS)
            self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        if self._stopped():
            self._end(CallError("stopped", "stopped before this call was made"))

    async def _sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._over is None and (left := end - loop.time()) > 0:
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    def _gives_up(self, state: RetryCallState) -> bool:
        outcome = _outcome(state)
        throttled = isinstance(outcome, CallError) and outcome.throttled
        return state.attempt_number > (max(self._retries, _THROTTLED_TRIES) if throttled else self._retries)

    async def close(self) -> None:
        if self._look is not None:
            self._look.cancel()
        self._journal.close()
        self._progress.write(force=True)
        for endpoint in self._endpoints.all:
            await endpoint.client.close()


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
