"""The gate of a run on Ray: one actor holds slots, budget and counts, and the LLM of each replica asks it for turns."""

import asyncio
from collections.abc import Sequence
from typing import Any

import ray
from distilabel.models.llms.base import AsyncLLM
from pydantic import PrivateAttr
from ray.exceptions import RayError

from synth.engine.llm import TeacherLLM
from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import ReplyMode
from synth.teacher.endpoints import Lane
from synth.teacher.gate import LocalGate, Made, Turn
from synth.teacher.journal import Journal, Place
from synth.teacher.shared_gate import GATHER_SECONDS, Left, Said, SharedGate, Told
from synth.teacher.teacher import Teacher

_SEEN_WITHIN_SECONDS = 60.0  # a network file system shows a file late that another machine has just made
_LOOK_SECONDS = 0.2


class Coordinator(SharedGate):
    """The actor. `teacher` are the fields of a `TeacherLLM`: its slots, rates and budget are those of all replicas."""

    def __init__(self, teacher: dict[str, Any]) -> None:
        llm = TeacherLLM(**teacher)
        _, progress, budget = llm.shared()
        lanes = [Lane(llm.slots, **llm.rates) for _ in llm.addresses]
        gate = LocalGate(lanes, progress, budget, max_failing=llm.max_failing, stopped=llm.is_stopped)
        super().__init__(gate, progress)


class RemoteGate:
    """A replica's side. One message at a time goes each way, with all that there is to say when it goes: a message
    takes a third of the CPU that a call does, at either end. Use from one event loop."""

    def __init__(self, actor: Any, replica: str, journal: Journal, prices: Budget) -> None:
        self.told = Told()
        self._actor = actor
        self._replica = replica
        self._journal = journal
        self._prices = prices
        self._over: CallError | None = None
        self._said = Said()
        self._saying = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._number = 0
        self._waiting: dict[int, asyncio.Future[Turn | Place | CallError]] = {}
        self._asked: dict[int, Request] = {}  # by the number of the turn

    @property
    def over(self) -> CallError | None:
        return self._over

    async def enter(self, request: Request) -> Turn | Reply | CallError:
        if self._over is not None:
            return self._over
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        self._said.asks.append((self._number, request))
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        await self._say()
        turn = await answer
        if isinstance(turn, Turn):
            self._asked[turn.number] = request
        if isinstance(turn, CallError):
            self._over = self._over or turn
        return await self._elsewhere(request, turn) if isinstance(turn, Place) else turn

    async def _elsewhere(self, request: Request, place: Place) -> Reply | CallError:
        for _ in range(int(_SEEN_WITHIN_SECONDS / _LOOK_SECONDS)):
            if (reply := self._journal.look(request, place)) is not None:
                self.reused(request, reply)
                return reply
            await asyncio.sleep(_LOOK_SECONDS)
        said = f"calls/{place.file} of another node cannot be read on this one; have the run folder on a shared disk"
        return self.end(CallError("endpoint", said))

    async def leave(self, turn: Turn, made: Sequence[Made], mode: ReplyMode | None) -> None:
        request = self._asked.pop(turn.number)
        sent = [(None if asked is request else asked, outcome) for asked, outcome in made]
        self._said.left.append(Left(turn.number, sent, mode, self._journal.place(request.key)))
        await self._say()

    async def _say(self) -> None:
        """What others have to say meanwhile goes with the same message."""
        async with self._saying:
            if not self._said.left and not self._said.asks:
                return
            await asyncio.sleep(GATHER_SECONDS)
            said, self._said = self._said, Said()
            try:
                await self._actor.say.remote(self._replica, said)
            except RayError as error:
                self._gone(error)

    async def _listen(self) -> None:
        while self._waiting:
            try:
                for number, turn in await self._actor.hear.remote(self._replica):
                    self._waiting.pop(number).set_result(turn)
            except RayError as error:
                self._gone(error)

    def reused(self, request: Request, reply: Reply) -> None:
        self.told.reused += 1
        self.told.reused_usd += self._prices.cost(request, reply)

    def failed(self, error: CallError) -> None:
        self._actor.failed.remote(error)

    def end(self, why: CallError) -> CallError:
        if self._over is None:
            self._over = why
            self._actor.end.remote(why)
        return self._over

    async def look(self) -> None:
        try:
            self._over = await self._actor.look.remote(self._replica, self.told) or self._over
        except RayError as error:
            self._gone(error)

    async def close(self) -> None:
        await self.look()

    def _gone(self, error: RayError) -> None:
        why = self._over = self._over or CallError("endpoint", f"the run's coordinator is gone: {type(error).__name__}")
        while self._waiting:
            self._waiting.popitem()[1].set_result(why)


class TeacherOnRay(TeacherLLM):
    """The LLM of a replica: it makes calls, and has a file of the journal to itself.

    Attributes:
        coordinator: the name of the actor that holds what replicas share.
    """

    coordinator: str

    _gate: RemoteGate | None = PrivateAttr(default=None)

    def load(self) -> None:
        AsyncLLM.load(self)
        journal, replica = self.own_journal(), ray.get_runtime_context().get_actor_id()
        self._gate = RemoteGate(ray.get_actor(self.coordinator), replica, journal, self.prices_and_cap())
        self._teacher = Teacher(self.clients(), journal, self._gate, retries=self.retries, mode=self.mode_of_replies)

    def tell(self, looked_at: int, kept: int) -> None:
        if self._gate is not None:
            self._gate.told.looked_at, self._gate.told.kept = looked_at, kept
