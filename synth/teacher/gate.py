"""Which call may begin, and what came of it: all that calls have in common, whichever process makes them."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.endpoints import Lane, Lanes
from synth.teacher.progress import Progress

_WINDOW, _FEWEST = 100, 20

Made = tuple[Request, Reply | CallError]


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to make a call at `endpoint` (its number), with JSON asked for as `mode` says.

    Where `mode` is None nothing came from there as yet, after `tries` in vain: who has the turn finds out how, with one
    call after another. `answered` is whether any call was, at whichever endpoint.
    """

    number: int
    endpoint: int
    mode: ReplyMode | None
    tries: int
    answered: bool


class Gate(Protocol):
    """What a teacher shares with others of its process, or of its run. Nothing of it raises."""

    @property
    def over(self) -> CallError | None:
        """Why no call is made any more, where that is so."""

    async def enter(self, request: Request) -> Turn | Reply | CallError:
        """Wait for a slot, for what a minute allows, and for room in the budget. Brings a reply where another teacher
        has paid for it."""

    async def leave(self, turn: Turn, made: Sequence[Made], mode: ReplyMode | None) -> None:
        """Give the turn back, with the calls that were made in it, and the `mode` in which the endpoint answered."""

    def reused(self, request: Request, reply: Reply) -> None:
        """Count a reply that was in the journal."""

    def failed(self, error: CallError) -> None:
        """Count a call that failed for good. Too many of them end the calls."""

    def end(self, why: CallError) -> CallError:
        """No call begins from here on. Brings the first reason."""

    async def look(self) -> None:
        """See whether somebody stopped the run; to be called now and then."""

    async def close(self) -> None: ...


class LocalGate:
    """The gate of one process. Calls end when more than `max_failing` of the last hundred (twenty at least) failed for
    good. Use from one event loop."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        progress: Progress,
        budget: Budget,
        *,
        max_failing: float = 0.25,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._lanes = Lanes(lanes)
        self._progress = progress
        self._budget = budget
        self._max_failing = max_failing
        self._stopped = stopped
        self._over: CallError | None = None
        self._answered = False
        self._failed: deque[bool] = deque(maxlen=_WINDOW)
        self._turns: dict[int, tuple[Lane, float, float]] = {}  # with what is reserved, and when it began
        self._number = 0

    @property
    def over(self) -> CallError | None:
        return self._over

    async def enter(self, request: Request) -> Turn | Reply | CallError:
        lane = await self._lanes.acquire()
        turn = None
        try:
            if lane is not None:
                await lane.within_rates(request)
                turn = await self._turn(lane, request)
        finally:
            if lane is not None and turn is None:
                self._lanes.release(lane)
        if turn is None:
            assert self._over is not None
            return self._over
        return turn

    async def _turn(self, lane: Lane, request: Request) -> Turn | None:
        most = await self._budget.reserve(request)
        if isinstance(most, CallError):
            self.end(most)
            return None
        if self._over is not None:
            await self._budget.settle(most)
            return None
        self._number += 1
        self._turns[self._number] = lane, most, asyncio.get_running_loop().time()
        self._progress.in_flight(len(self._turns))
        return Turn(self._number, self._lanes.all.index(lane), lane.mode, lane.tries, self._answered)

    async def leave(self, turn: Turn, made: Sequence[Made], mode: ReplyMode | None) -> None:
        lane, most, began = self._turns.pop(turn.number)
        for request, outcome in made:
            self._came(lane, began, request, outcome)
        if lane.mode is None and mode is not None:
            lane.mode = mode
            lane.slots.opened()
        elif lane.mode is None:
            lane.tries += 1
        self._progress.in_flight(len(self._turns))
        try:
            await self._budget.settle(most)
        finally:
            self._lanes.release(lane)

    def _came(self, lane: Lane, began: float, request: Request, outcome: Reply | CallError) -> None:
        if isinstance(outcome, Reply):
            self._answered = True
            self._failed.append(False)
            lane.slots.answered()
            lane.took(outcome.output_tokens)
            self._progress.answered(outcome, self._budget.paid(request, outcome))
            return
        self._progress.tried()
        now = asyncio.get_running_loop().time()
        if outcome.throttled:
            lane.slots.throttled(now, began, outcome.retry_after)
        elif outcome.kind == "transient":
            lane.slots.failed(now, began)

    def reused(self, request: Request, reply: Reply) -> None:
        self._progress.reused(self._budget.cost(request, reply))

    def failed(self, error: CallError) -> None:
        self._progress.failed()
        self._failed.append(True)
        failed, of = sum(self._failed), len(self._failed)
        if of >= _FEWEST and failed > of * self._max_failing:
            said = f"{failed} of the last {of} calls failed; last: {error.message}"
            self.end(CallError("endpoint", said))

    def end(self, why: CallError) -> CallError:
        if self._over is None:
            self._over = why
            self._progress.end(why)
        self._lanes.close()
        return self._over

    async def look(self) -> None:
        if self._over is None and self._stopped():
            self.end(CallError("stopped", "stopped before this call was made"))

    async def close(self) -> None:
        self._progress.write(force=True)
