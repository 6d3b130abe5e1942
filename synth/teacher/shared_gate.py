"""One gate for all replicas of a run, on whichever machines they are."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.gate import LocalGate, Made, Turn
from synth.teacher.journal import Place
from synth.teacher.progress import Progress

GATHER_SECONDS = 0.02


@dataclass(slots=True)
class Told:
    """What a replica has counted by itself, so far."""

    reused: int = 0
    reused_usd: float = 0.0
    looked_at: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """A turn that is given back. `place` is where its reply stands; None in `made` is the request it was for."""

    number: int
    made: Sequence[tuple[Request | None, Reply | CallError]]
    mode: ReplyMode | None
    place: Place | None


@dataclass(slots=True)
class Said:
    """What a replica has to say at one time: turns that it gives back, and requests that it has, by its own numbers."""

    left: list[Left] = field(default_factory=list)
    asks: list[tuple[int, Request]] = field(default_factory=list)


class SharedGate:
    """Gives turns to replicas, each by its name. A replica that is lost gives back what it had.

    Replicas `say` and `hear` many things in one message, and wait a moment for more of them: messages cost more than
    what is in them, and a judge's call takes a hundred times as long as that moment.

    A request that two replicas have is called once: while one has the turn the other waits, and then is told where the
    reply stands. Use from one event loop.
    """

    def __init__(self, gate: LocalGate, progress: Progress) -> None:
        self._gate = gate
        self._progress = progress
        self._turns: dict[int, tuple[str, Turn, Request]] = {}
        self._asked: dict[str, asyncio.Event] = {}
        self._answered: dict[bytes, Place] = {}
        self._told: dict[str, Told] = {}
        self._lost: set[str] = set()
        self._heard: dict[str, asyncio.Queue[tuple[int, Turn | Place | CallError]]] = defaultdict(asyncio.Queue)
        self._entering: set[asyncio.Task[None]] = set()

    async def say(self, replica: str, said: Said) -> None:
        for one in said.left:
            await self.leave(one)
        for number, request in said.asks:
            task = asyncio.create_task(self._answer(replica, number, request))
            self._entering.add(task)
            task.add_done_callback(self._entering.discard)

    async def _answer(self, replica: str, number: int, request: Request) -> None:
        self._heard[replica].put_nowait((number, await self.enter(replica, request)))

    async def hear(self, replica: str) -> list[tuple[int, Turn | Place | CallError]]:
        """What has become of a replica's requests, once there is anything."""
        queue = self._heard[replica]
        news = [await queue.get()]
        await asyncio.sleep(GATHER_SECONDS)
        while not queue.empty():
            news.append(queue.get_nowait())
        return news

    async def enter(self, replica: str, request: Request) -> Turn | Place | CallError:
        """An error where no call is made any more."""
        while (asked := self._asked.get(request.key)) is not None:
            await asked.wait()
        if (place := self._answered.get(bytes.fromhex(request.key))) is not None:
            return place
        self._asked[request.key] = asyncio.Event()
        turn = await self._gate.enter(request)
        if isinstance(turn, Turn):
            self._turns[turn.number] = replica, turn, request
            if replica in self._lost:
                await self._give_back(turn.number, (), None)
            return turn
        self._asked.pop(request.key).set()
        assert isinstance(turn, CallError)
        return turn

    async def leave(self, left: Left) -> None:
        """Nothing happens where the turn was given back before."""
        if left.number in self._turns:
            _, _, request = self._turns[left.number]
            if left.place is not None:
                self._answered[bytes.fromhex(request.key)] = left.place
            made = [(asked or request, outcome) for asked, outcome in left.made]
            await self._give_back(left.number, made, left.mode)

    async def _give_back(self, number: int, made: Sequence[Made], mode: ReplyMode | None) -> None:
        _, turn, request = self._turns.pop(number)
        self._asked.pop(request.key).set()
        await self._gate.leave(turn, made, mode)

    def failed(self, error: CallError) -> None:
        self._gate.failed(error)

    def end(self, why: CallError) -> None:
        self._gate.end(why)

    async def look(self, replica: str, told: Told) -> CallError | None:
        """Take what a replica has counted, and tell it why the calls are over, where they are."""
        self._told[replica] = told
        counts = self._progress.counts
        for name in ("reused", "reused_usd", "looked_at", "kept"):
            setattr(counts, name, sum(getattr(one, name) for one in self._told.values()))
        self._progress.write()
        await self._gate.look()
        return self._gate.over

    async def lose(self, replica: str) -> None:
        """It is gone, and with it the calls that it had in flight."""
        self._lost.add(replica)
        for number in [number for number, (owner, *_) in self._turns.items() if owner == replica]:
            await self._give_back(number, (), None)

    def in_flight(self) -> int:
        return len(self._turns)

    async def close(self) -> None:
        await self._gate.close()
