"""Errors over real HTTP: what may pass is tried again, what cannot is not, and no call suffers from another."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synth.teacher.call import CallError, Reply
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress
from synth.teacher.progress import read as read_progress
from synth.teacher.teacher import Teacher
from tests.conftest import StandIn
from tests.teacher.test_teacher import ask_all, request

WORDS = [str(number) for number in range(30)]


def answers(endpoints: list[Endpoint], folder: Path, words: list[str], **more: Any) -> list[Reply | CallError]:
    async def run() -> list[Reply | CallError]:
        teacher = Teacher.alone(endpoints, Journal(folder / "calls"), Progress(folder / "progress.json"), **more)
        try:
            return await ask_all(teacher, words)
        finally:
            await teacher.close()

    return asyncio.run(run())


def endpoint(standin: StandIn, slots: int = 8, timeout: float = 5, **limits: float) -> Endpoint:
    return Endpoint(Client(standin.base_url, Credentials("NO_KEY_NEEDED"), timeout), slots, **limits)


@pytest.mark.parametrize("fault", ["drop", "cut", "html", "hang"])
def test_a_fault_of_the_network_is_tried_again(standin: StandIn, tmp_path: Path, fault: str) -> None:
    standin.control(fault=fault, times=3)
    outcomes = answers([endpoint(standin, timeout=0.5)], tmp_path, WORDS)
    assert all(isinstance(one, Reply) for one in outcomes)
    assert standin.count()["paid"] == len(WORDS)
    assert standin.count()["came"] == len(WORDS) + 3


@pytest.mark.parametrize("status", [408, 409, 500, 502, 504])
def test_an_error_of_the_server_is_tried_again(standin: StandIn, tmp_path: Path, status: int) -> None:
    standin.control(status=status, message="not now", times=3)
    outcomes = answers([endpoint(standin)], tmp_path, WORDS)
    assert all(isinstance(one, Reply) for one in outcomes)
    assert standin.count()["paid"] == len(WORDS)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (401, None, "Incorrect API key provided"),
        (403, None, "Country not supported"),
        (404, None, "The model does not exist"),
        (429, "insufficient_quota", "You exceeded your current quota"),
    ],
)
def test_what_no_call_escapes_is_said_in_the_providers_words_and_costs_one_call(
    standin: StandIn, tmp_path: Path, status: int, code: str | None, message: str
) -> None:
    standin.control(status=status, code=code, message=message, times=-1)
    outcomes = answers([endpoint(standin)], tmp_path, WORDS)
    assert {(one.kind, one.message) for one in outcomes if isinstance(one, CallError)} == {
        ("endpoint", f"{status}: {message}")
    }
    assert standin.count()["came"] == 1


def test_an_endpoint_that_is_not_there_is_found_with_the_tries_of_one_call(tmp_path: Path) -> None:
    nowhere = Endpoint(Client("http://127.0.0.1:9/v1", Credentials(""), 5), 8)
    outcomes = answers([nowhere], tmp_path, WORDS, retries=2)
    assert {one.kind for one in outcomes if isinstance(one, CallError)} == {"endpoint"}
    assert read_progress(tmp_path / "progress.json").tries == 3 + 1, "and a trivial one"


def test_retry_after_is_waited_for(standin: StandIn, tmp_path: Path) -> None:
    standin.control(status=429, message="slow down", times=1, retry_after=1)
    began = time.monotonic()
    outcomes = answers([endpoint(standin)], tmp_path, WORDS[:2])
    assert all(isinstance(one, Reply) for one in outcomes)
    assert time.monotonic() - began >= 1
    assert standin.count()["came"] == 3


def test_an_endpoint_with_room_for_few_calls_gets_few_and_answers_all(standin: StandIn, tmp_path: Path) -> None:
    standin.control(capacity=4, wait=0.05)
    one = endpoint(standin, slots=32)
    outcomes = answers([one], tmp_path, [str(number) for number in range(150)])
    assert all(isinstance(outcome, Reply) for outcome in outcomes), "no call was given up for want of room"
    assert one.slots.limit < 32
    assert standin.count()["paid"] == 150
    assert standin.count()["came"] < 150 * 2, "it was asked less, not again and again"


def test_a_call_that_fails_for_good_is_an_error_and_the_others_are_answered(standin: StandIn, tmp_path: Path) -> None:
    outcomes = answers([endpoint(standin)], tmp_path, [*WORDS[:25], "[broken]"], retries=1)
    assert [isinstance(one, Reply) for one in outcomes] == [True] * 25 + [False]
    failed = outcomes[-1]
    assert isinstance(failed, CallError)
    assert failed.kind == "transient"
    assert standin.count()["came"] == 27, "it was tried twice"


def test_more_failures_than_allowed_end_the_calls(standin: StandIn, tmp_path: Path) -> None:
    words = [f"{number} [broken]" if number % 2 else str(number) for number in range(200)]
    outcomes = answers([endpoint(standin, slots=1)], tmp_path, words, retries=0, max_failing=0.4)
    ended = [one for one in outcomes if isinstance(one, CallError) and one.kind == "endpoint"]
    assert len(ended) == 180, "twenty calls were enough to see it"
    assert ended[0].message.startswith("10 of the last 20 calls failed; last: 500")


def test_as_many_failures_as_allowed_do_not(standin: StandIn, tmp_path: Path) -> None:
    words = [f"{number} [broken]" if number % 2 else str(number) for number in range(60)]
    outcomes = answers([endpoint(standin, slots=1)], tmp_path, words, retries=0, max_failing=0.5)
    assert sum(isinstance(one, Reply) for one in outcomes) == 30


def test_endpoints_share_the_work_by_their_speed(start_standin: Callable[..., StandIn], tmp_path: Path) -> None:
    fast, slow = start_standin("--wait", "0.02"), start_standin("--wait", "0.2")
    outcomes = answers([endpoint(slow, 2), endpoint(fast, 2)], tmp_path, [str(number) for number in range(60)])
    assert all(isinstance(one, Reply) for one in outcomes)
    paid = {"fast": fast.count()["paid"], "slow": slow.count()["paid"]}
    assert sum(paid.values()) == 60, "no call went to both"
    assert paid["fast"] > 3 * paid["slow"] > 0


def test_an_endpoint_that_breaks_down_leaves_its_work_to_the_other(
    start_standin: Callable[..., StandIn], tmp_path: Path
) -> None:
    sound, broken = start_standin("--wait", "0.05"), start_standin("--wait", "0.05")
    broken.control(fault="drop", times=-1)
    outcomes = answers([endpoint(broken, 4), endpoint(sound, 4)], tmp_path, [str(number) for number in range(60)])
    assert all(isinstance(one, Reply) for one in outcomes)
    assert broken.count()["came"] < 30, "it was not flooded"


def test_calls_that_wait_for_a_slot_go_on_after_a_pause(standin: StandIn, tmp_path: Path) -> None:
    standin.control(fault="drop", times=4)
    outcomes = answers([endpoint(standin, slots=1)], tmp_path, WORDS[:5], retries=10)
    assert all(isinstance(one, Reply) for one in outcomes)


def test_requests_a_minute_are_kept(standin: StandIn, tmp_path: Path) -> None:
    began = time.monotonic()
    answers([endpoint(standin, requests_per_minute=20 * 60)], tmp_path, WORDS[:1])
    async_calls = answers([endpoint(standin, requests_per_minute=10)], tmp_path, WORDS[1:11])
    assert all(isinstance(one, Reply) for one in async_calls), "a minute's worth goes at once"
    assert time.monotonic() - began < 6

    async def one_more() -> float:
        limited = endpoint(standin, requests_per_minute=600)
        began = asyncio.get_running_loop().time()
        for _ in range(610):
            await limited.within_rates(request("hello"))
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(one_more()) >= 0.9, "ten more than a minute's worth wait for a second"


def test_tokens_a_minute_are_kept(standin: StandIn, tmp_path: Path) -> None:
    async def spend() -> float:
        limited = endpoint(standin, tokens_per_minute=60_000)
        limited.took(output_tokens=1000)
        began = asyncio.get_running_loop().time()
        for _ in range(61):
            await limited.within_rates(request("hello"))
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(spend()) >= 0.9


def test_no_message_holds_a_key_or_a_header(
    start_standin: Callable[..., StandIn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    monkeypatch.setenv("MY_TEAM", "Bearer team-secret")
    standin = start_standin("--key", "right")
    client = Client(standin.base_url, Credentials("MY_KEY", {"Authorization": "MY_TEAM"}), 5)
    (outcome,) = answers([Endpoint(client, 1)], tmp_path, ["hello"])
    assert isinstance(outcome, CallError)
    assert "[secret]" in outcome.message
    assert "secret" not in outcome.message.replace("[secret]", "")
