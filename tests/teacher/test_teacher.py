"""A teacher over real HTTP: errors are values, the first call goes alone, slots are held, nothing is paid twice."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress
from synth.teacher.progress import read as read_progress
from synth.teacher.teacher import Teacher
from tests.conftest import StandIn

SCHEMA = '{"type":"object","properties":{"verdict":{"type":"string"}}}'


def request(words: str, model: str = "stand-in") -> Request:
    return Request(model, (("system", "Judge."), ("user", words)), SCHEMA)


def using(base_url: str, folder: Path, do: Callable[[Teacher], Awaitable[Any]], *, slots: int = 4, **more: Any) -> Any:
    async def run() -> Any:
        endpoint = Endpoint(Client(base_url, Credentials("NO_KEY_NEEDED"), timeout=5), slots)
        progress = Progress(folder / "progress.json")
        teacher = Teacher.alone([endpoint], Journal(folder / "calls"), progress, retries=0, **more)
        try:
            return await do(teacher)
        finally:
            await teacher.close()

    return asyncio.run(run())


async def ask_all(teacher: Teacher, words: list[str]) -> list[Reply | CallError]:
    return list(await asyncio.gather(*(teacher.ask(request(one)) for one in words)))


def test_the_same_ask_is_paid_once_across_processes_lives(standin: StandIn, tmp_path: Path) -> None:
    first = using(standin.base_url, tmp_path, lambda teacher: teacher.ask(request("hello")))
    second = using(standin.base_url, tmp_path, lambda teacher: teacher.ask(request("hello")))
    assert isinstance(first, Reply)
    assert first == second
    assert standin.count()["paid"] == 1
    assert read_progress(tmp_path / "progress.json").reused == 1


def test_equal_asks_at_the_same_time_are_paid_once(standin: StandIn, tmp_path: Path) -> None:
    standin.control(wait=0.05)
    outcomes = using(standin.base_url, tmp_path, lambda teacher: ask_all(teacher, ["same", "same", "other", "same"]))
    assert all(isinstance(one, Reply) for one in outcomes)
    assert standin.count()["paid"] == 2


def test_where_all_that_is_left_fails_for_good_the_run_goes_on(standin: StandIn, tmp_path: Path) -> None:
    for _ in ("first", "again"):
        outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, ["[broken] 1", "[broken] 2", "fine"]))
        assert [one.kind if isinstance(one, CallError) else "" for one in outcomes] == ["transient"] * 2 + [""]


def test_no_more_calls_than_slots_are_in_flight(standin: StandIn, tmp_path: Path) -> None:
    standin.control(wait=0.02)
    replies = using(standin.base_url, tmp_path, lambda t: ask_all(t, [str(n) for n in range(40)]), slots=3)
    assert all(isinstance(one, Reply) for one in replies)
    assert standin.count().items() >= {"paid": 40, "distinct": 40, "most_in_flight": 3}.items()


def test_a_call_that_the_endpoint_refuses_touches_no_other(standin: StandIn, tmp_path: Path) -> None:
    refused, *others = using(standin.base_url, tmp_path, lambda t: ask_all(t, ["[too long]", "one", "two", "three"]))
    assert isinstance(refused, CallError)
    assert refused.kind == "request"
    assert "maximum context length" in refused.message
    assert all(isinstance(one, Reply) for one in others)


def test_where_all_that_is_left_is_refused_the_run_goes_on(standin: StandIn, tmp_path: Path) -> None:
    refused = ["[too long] " + str(number) for number in range(5)]
    for _ in ("first", "again"):
        outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, [*refused, "fine"]))
        assert [one.kind if isinstance(one, CallError) else "" for one in outcomes] == ["request"] * 5 + [""]


def test_after_a_wrong_key_nothing_more_is_sent(start_standin: Callable[..., StandIn], tmp_path: Path) -> None:
    standin = start_standin("--key", "right")
    outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, [str(n) for n in range(20)]))
    assert {one.kind for one in outcomes if isinstance(one, CallError)} == {"endpoint"}
    assert read_progress(tmp_path / "progress.json").tries == 1, "the others were not sent"


def test_an_endpoint_that_refuses_even_a_trivial_request_ends_the_run(standin: StandIn, tmp_path: Path) -> None:
    standin.control(status=400, message="Unsupported parameter: temperature", times=-1)
    outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, [str(n) for n in range(20)]))
    assert all(isinstance(one, CallError) and "Unsupported parameter" in one.message for one in outcomes)
    assert read_progress(tmp_path / "progress.json").tries == 4, "one ask in three modes, a trivial one, and no more"


def test_the_reply_mode_falls_back_until_the_endpoint_takes_it(standin: StandIn, tmp_path: Path) -> None:
    standin.control(no_schema=True)
    outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, ["one", "two", "three"]))
    assert all(isinstance(one, Reply) for one in outcomes)
    assert read_progress(tmp_path / "progress.json").tries == 1, "only the first call tried json_schema"


def test_a_stop_makes_no_more_calls_and_says_so(standin: StandIn, tmp_path: Path) -> None:
    outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, ["one", "two"]), stopped=lambda: True)
    assert [one.kind for one in outcomes if isinstance(one, CallError)] == ["stopped", "stopped"]
    assert standin.count()["paid"] == 0


def test_what_cannot_be_written_down_ends_the_calls(
    standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Journal, request: Request, reply: Reply) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Journal, "put", full)
    outcomes = using(standin.base_url, tmp_path, lambda t: ask_all(t, ["one", "two", "three"]))
    assert all(isinstance(one, CallError) and "No space left" in one.message for one in outcomes)
    assert standin.count()["paid"] == 1
