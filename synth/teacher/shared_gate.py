"""One gate for all replicas of a run, on whichever machines they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.gate import LocalGate, Made, Turn
from synth.teacher.journal import Place
from synth.teacher.progress import Progress


@dataclass(slots=True)
class Told:
    """What a replica has counted by itself, so far."""

    reused: int = 0
    reused_usd: float = 0.0
    looked_at: int = 0
    kept: int = 0


class SharedGate:
    """Gives turns to replicas, each by its name. A replica that is lost gives back what it had.

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

    async def leave(
        self,
        number: int,
        made: Sequence[tuple[Request | None, Reply | CallError]],
        mode: ReplyMode | None,
        place: Place | None,
    ) -> None:
        """`place` is where the turn's reply stands; None in `made` is the request that the turn was for. Nothing
        happens where the turn was given back before."""
        if number in self._turns:
            _, _, request = self._turns[number]
            if place is not None:
                self._answered[bytes.fromhex(request.key)] = place
            await self._give_back(number, [(asked or request, outcome) for asked, outcome in made], mode)

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
