"""Where calls go: one endpoint or several of the same model, each with slots and limits of its own."""

import asyncio
from collections import deque
from collections.abc import Sequence

from aiolimiter import AsyncLimiter

from synth.teacher.call import Request
from synth.teacher.client import Client, ReplyMode
from synth.teacher.slots import Slots

_MINUTE = 60.0
_CHARACTERS_A_TOKEN = 4
_MOMENT = 0.001  # a clock may wake a little early


class Lane:
    """The slots and rates of an endpoint. `mode` is how it takes a JSON schema, None before its first answer; `tries`
    are those in vain before it."""

    def __init__(
        self, slots: int, *, requests_per_minute: float | None = None, tokens_per_minute: float | None = None
    ) -> None:
        self.slots = Slots(slots)
        self.mode: ReplyMode | None = None
        self.tries = 0
        self._requests = AsyncLimiter(requests_per_minute, _MINUTE) if requests_per_minute else None
        self._tokens = AsyncLimiter(tokens_per_minute, _MINUTE) if tokens_per_minute else None
        self._output_tokens = 0.0

    async def within_rates(self, request: Request) -> None:
        """Wait until the requests and tokens of a minute allow the call. Its tokens are an estimate: a quarter of its
        characters, and as many out as calls brought so far on the average (half of what is allowed before any)."""
        if self._requests:
            await self._requests.acquire()
        if self._tokens:
            characters = sum(len(content) for _, content in request.messages) + len(request.schema)
            tokens = characters / _CHARACTERS_A_TOKEN + (self._output_tokens or request.max_tokens / 2)
            await self._tokens.acquire(min(tokens, self._tokens.max_rate))

    def took(self, output_tokens: int) -> None:
        """Learn from an answer how many tokens one brings."""
        self._output_tokens += (output_tokens - self._output_tokens) * (0.05 if self._output_tokens else 1)


class Endpoint(Lane):
    """A lane with the client that calls go through."""

    def __init__(
        self,
        client: Client,
        slots: int,
        *,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        super().__init__(slots, requests_per_minute=requests_per_minute, tokens_per_minute=tokens_per_minute)
        self.client = client


class Lanes:
    """Hands out lanes with a free slot, so that each endpoint takes as much of the work as it is fast.

    Use from one event loop.
    """

    def __init__(self, all_of_them: Sequence[Lane]) -> None:
        self.all = tuple(all_of_them)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None

    async def acquire(self) -> Lane | None:
        """The lane with the most slots free; None once `close` was called."""
        loop = asyncio.get_running_loop()
        while not self._closed:
            now = loop.time()
            freest = max(self.all, key=lambda one: one.slots.free(now) / one.slots.most)
            if freest.slots.free(now):
                freest.slots.in_flight += 1
                return freest
            place: asyncio.Future[None] = loop.create_future()
            self._waiting.append(place)
            self._wake()
            await place
        return None

    def release(self, lane: Lane) -> None:
        lane.slots.in_flight -= 1
        self._wake()

    def _wake(self) -> None:
        """Let as many go on as there are free slots; come back when a pause is over."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        free = sum(one.slots.free(now) for one in self.all)
        while self._waiting and free > 0:
            free -= _wake(self._waiting.popleft())
        paused = [one.slots.paused_until for one in self.all if one.slots.paused_until > now]
        if self._waiting and paused:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = loop.call_at(min(paused) + _MOMENT, self._wake)

    def close(self) -> None:
        """Nobody gets a lane any more, nor waits for one."""
        self._closed = True
        while self._waiting:
            _wake(self._waiting.popleft())


def _wake(place: asyncio.Future[None]) -> bool:
    """Whether anybody was still waiting there."""
    if place.done():
        return False
    place.set_result(None)
    return True
