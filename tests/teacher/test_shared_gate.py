"""A gate for several replicas: equal asks are called once, and what a lost replica held is given back."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.endpoints import Lane
from synth.teacher.gate import LocalGate, Turn
from synth.teacher.journal import Journal, Place
from synth.teacher.prices import Price, Rate
from synth.teacher.progress import Progress, read
from synth.teacher.shared_gate import Left, Said, SharedGate, Told

DOLLAR_A_TOKEN = Price((Rate(0.0, 1_000_000.0, 0.0),))
HERE = Place("1.jsonl", 0, 10)


def request(words: str, most: int = 10) -> Request:
    return Request("m", (("user", words),), max_tokens=most)


def reply(tokens: int = 1) -> Reply:
    return Reply("x", "stop", 1, tokens)


def gate(slots: int = 2, cap: float | None = None, path: Path | None = None) -> SharedGate:
    """Of one endpoint that has answered before, so that all its slots are open."""
    lane, progress = Lane(slots), Progress(path)
    lane.mode = "text"
    lane.slots.opened()
    return SharedGate(LocalGate([lane], progress, Budget(DOLLAR_A_TOKEN, cap)), progress)


async def soon(waiting: Coroutine[Any, Any, Any]) -> tuple[asyncio.Task[Any], bool]:
    """A task, and whether it is done as far as nobody else does anything."""
    task = asyncio.ensure_future(waiting)
    for _ in range(10):
        await asyncio.sleep(0)
    return task, task.done()


async def turn_of(shared: SharedGate, replica: str, words: str) -> Turn:
    turn = await shared.enter(replica, request(words))
    assert isinstance(turn, Turn)
    return turn


def test_what_two_replicas_ask_is_called_once_and_the_other_is_told_where_the_reply_is() -> None:
    async def run() -> None:
        shared = gate()
        first = await turn_of(shared, "one", "same")
        second, done = await soon(shared.enter("two", request("same")))
        assert not done, "it waits for the one that calls"
        await shared.leave(Left(first.number, [(None, reply())], None, HERE))
        assert await second == HERE
        assert await shared.enter("three", request("same")) == HERE

    asyncio.run(run())


def test_a_call_without_a_reply_leaves_the_turn_to_the_next_that_asks_the_same() -> None:
    async def run() -> None:
        shared = gate()
        first = await turn_of(shared, "one", "same")
        second, _ = await soon(shared.enter("two", request("same")))
        await shared.leave(Left(first.number, [(None, CallError("request", "400: too long"))], None, None))
        assert isinstance(await second, Turn)

    asyncio.run(run())


def test_a_lost_replica_gives_back_its_slots_and_what_it_waited_for() -> None:
    async def run() -> None:
        shared = gate(slots=2)
        held = await turn_of(shared, "lost", "a")
        await turn_of(shared, "lost", "b")
        waiting, _ = await soon(shared.enter("lost", request("c")))
        living, done = await soon(shared.enter("living", request("d")))
        same, _ = await soon(shared.enter("living", request("a")))
        assert not done

        await shared.lose("lost")

        assert isinstance(await living, Turn)
        assert isinstance(await waiting, Turn), "nobody hears of it"
        assert isinstance(await same, Turn)
        assert shared.in_flight() == 2, "those of the living"
        await shared.leave(Left(held.number, [(None, reply())], None, HERE))
        assert shared.in_flight() == 2, "what comes late changes nothing"

    asyncio.run(run())


def test_after_the_end_nobody_gets_a_turn_and_those_who_wait_hear_why() -> None:
    async def run() -> None:
        shared = gate(slots=1)
        turn = await turn_of(shared, "one", "a")
        waiting, _ = await soon(shared.enter("two", request("b")))
        same, _ = await soon(shared.enter("two", request("a")))
        why = CallError("endpoint", "401: wrong key")
        shared.end(why)
        assert await waiting == why
        await shared.leave(Left(turn.number, [(None, why)], None, None))
        assert await same == why
        assert await shared.look("two", Told()) == why

    asyncio.run(run())


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.integers(1, 20)), max_size=40),
    st.integers(1, 4),
    st.integers(1, 100),
)
def test_slots_and_the_cap_hold_over_all_replicas(calls: list[tuple[str, int, int]], slots: int, cap: int) -> None:
    in_flight, most_in_flight, spent, called = 0, 0, 0, []

    async def call(shared: SharedGate, replica: str, words: int, tokens: int) -> None:
        nonlocal in_flight, most_in_flight, spent
        turn = await shared.enter(replica, request(str(words), most=20))
        if isinstance(turn, Turn):
            in_flight += 1
            most_in_flight = max(most_in_flight, in_flight)
            await asyncio.sleep(0)
            in_flight -= 1
            spent += tokens
            called.append(words)
            await shared.leave(Left(turn.number, [(None, reply(tokens))], None, HERE))

    async def run() -> None:
        shared = gate(slots, cap)
        await asyncio.gather(*(call(shared, *one) for one in calls))
        assert shared.in_flight() == 0

    asyncio.run(run())
    assert most_in_flight <= slots
    assert spent <= cap
    assert len(called) == len(set(called)), "nothing was called twice"


def test_what_is_said_together_is_heard_together_as_turns_come_free() -> None:
    async def run() -> None:
        shared = gate(slots=2)
        await shared.say("one", Said(asks=[(number, request(str(number))) for number in range(5)]))
        first = await shared.hear("one")
        assert [number for number, _ in first] == [0, 1]
        turns = [turn for _, turn in first if isinstance(turn, Turn)]
        waiting, done = await soon(shared.hear("one"))
        assert not done
        await shared.say("one", Said(left=[Left(turn.number, [(None, reply())], None, HERE) for turn in turns]))
        assert [number for number, _ in await waiting] == [2, 3]

    asyncio.run(run())


def test_the_counts_of_replicas_are_put_together(tmp_path: Path) -> None:
    async def run() -> None:
        shared = gate(path=tmp_path / "progress.json")
        await shared.look("one", Told(reused=2, looked_at=4, kept=3))
        await shared.look("two", Told(reused=1))
        await shared.look("one", Told(reused=5, looked_at=8, kept=6))
        await shared.close()

    asyncio.run(run())
    counts = read(tmp_path / "progress.json")
    assert (counts.reused, counts.looked_at, counts.kept) == (6, 8, 6)


def test_a_journal_reads_what_another_of_its_folder_has_written_once_it_is_whole(tmp_path: Path) -> None:
    writer, reader = Journal(tmp_path), Journal(tmp_path)
    asked = request("hello")
    writer.put(asked, reply())
    place = writer.place(asked.key)
    assert place is not None
    assert reader.get(asked) is None
    late = Place(place.file, place.start, place.length + 1)
    assert reader.look(asked, late) is None, "the end of it cannot be seen as yet"
    assert reader.look(asked, Place("nobody.jsonl", 0, 10)) is None
    assert reader.look(asked, place) == reply()
    assert reader.get(asked) == reply()
