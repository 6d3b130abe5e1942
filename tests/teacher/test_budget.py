"""A budget: what is spent and what is in flight stay within the cap, and slots go on as long as they fit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.budget import Budget, usd
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.prices import Price, Rate
from synth.teacher.progress import Progress
from synth.teacher.progress import read as read_progress
from synth.teacher.teacher import Teacher
from tests.conftest import StandIn

DOLLAR_A_TOKEN = Price((Rate(0.0, 1_000_000.0, 0.0),))
BOTH = Price((Rate(1.0, 2.0, 1.0),))


def request(words: str = "hello", most: int = 10) -> Request:
    return Request("stand-in", (("system", "Judge."), ("user", words)), "", most)


@asynccontextmanager
async def reserved(budget: Budget, one: Request) -> AsyncIterator[CallError | None]:
    """Its share is given back at the end of the block, however that ends."""
    most = await budget.reserve(one)
    try:
        yield most if isinstance(most, CallError) else None
    finally:
        if not isinstance(most, CallError):
            await budget.settle(most)


async def spend(budget: Budget, one: Request, tokens: int) -> CallError | None:
    """A call that yields to the others while it is in flight."""
    async with reserved(budget, one) as refusal:
        if refusal is None:
            await asyncio.sleep(0)
            budget.paid(one, Reply("x", "stop", 1, tokens))
        return refusal


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), max_size=30), st.integers(1, 100))
def test_the_cap_is_never_broken_and_refused_is_only_what_does_not_fit(calls: list[tuple[int, int]], cap: int) -> None:
    budget = Budget(DOLLAR_A_TOKEN, cap)

    async def run() -> list[CallError | None]:
        return await asyncio.gather(
            *(spend(budget, request(most=most), min(took, most)) for most, took in calls),
        )

    refusals = asyncio.run(run())
    assert budget.spent <= cap
    made = sum(min(took, most) for (most, took), refusal in zip(calls, refusals, strict=True) if refusal is None)
    assert budget.spent == made
    for (most, _), refusal in zip(calls, refusals, strict=True):
        assert refusal is None or budget.spent + most > cap, "it was refused though it fitted"


def test_calls_go_on_side_by_side_while_their_worst_case_fits() -> None:
    budget = Budget(DOLLAR_A_TOKEN, 35)
    in_flight, most_in_flight = 0, 0

    async def call() -> None:
        nonlocal in_flight, most_in_flight
        async with reserved(budget, request(most=10)) as refusal:
            assert refusal is None
            in_flight += 1
            most_in_flight = max(most_in_flight, in_flight)
            await asyncio.sleep(0)
            budget.paid(request(), Reply("x", "stop", 1, 1))
            in_flight -= 1

    async def run() -> None:
        await asyncio.gather(*(call() for _ in range(20)))

    asyncio.run(run())
    assert most_in_flight == 3
    assert budget.spent == 20


def test_the_stop_says_what_was_spent_and_what_to_do() -> None:
    async def run() -> CallError | None:
        budget = Budget(DOLLAR_A_TOKEN, 12)
        assert await spend(budget, request(most=10), 4) is None
        return await spend(budget, request(most=10), 4)

    assert asyncio.run(run()) == CallError(
        "stopped", "budget_usd 12 is reached: 4.00 spent, and the next call may cost 10.00; raise it"
    )


def test_a_call_without_a_reply_gives_its_share_back() -> None:
    async def run() -> None:
        budget = Budget(DOLLAR_A_TOKEN, 10)
        for _ in range(3):
            async with reserved(budget, request(most=10)) as refusal:
                assert refusal is None
            with pytest.raises(TimeoutError):
                async with reserved(budget, request(most=10)) as refusal:
                    raise TimeoutError
        assert budget.spent == 0

    asyncio.run(run())


def test_the_reserve_covers_english_and_chinese_and_learns_from_what_took_more() -> None:
    budget = Budget(Price((Rate(1_000_000.0, 0.0, 0.0),)), 1e9)
    english, chinese = request("a fair word " * 100), request("公平的判断" * 100)
    assert budget.most(english) > 2 * 1200 / 4
    assert budget.most(chinese) > 1.2 * 500
    digits = request("1" * 1000)
    assert budget.most(digits) < 1000
    budget.paid(digits, Reply("x", "stop", 1100, 1))
    assert budget.most(digits) >= 1100


def test_a_cap_without_a_price_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a price"):
        Budget(None, 5)
    with pytest.raises(ValueError, match="needs a price"):
        Budget(DOLLAR_A_TOKEN, 5, {"other": None})


def test_each_model_costs_its_own_price_under_one_cap() -> None:
    async def run() -> CallError | None:
        dear = Price((Rate(0.0, 3_000_000.0, 0.0),))
        budget = Budget(DOLLAR_A_TOKEN, 35, {"dear": dear})
        assert await spend(budget, request(most=5), 5) is None
        assert await spend(budget, replace(request(most=5), model="dear"), 5) is None
        assert budget.spent == 20
        assert await spend(budget, request(most=5), 5) is None
        return await spend(budget, replace(request(most=5), model="dear"), 5)

    refused = asyncio.run(run())
    assert refused is not None
    assert "25.00 spent, and the next call may cost 15.00" in refused.message


def test_without_a_price_nothing_is_counted() -> None:
    assert Budget().paid(request(), Reply("x", "stop", 10, 10)) == 0


@pytest.mark.parametrize(
    ("amount", "said"), [(0, "0.00"), (4.98, "4.98"), (0.1, "0.10"), (0.0312, "0.031"), (1234.5, "1234.50")]
)
def test_small_amounts_are_said_with_two_digits(amount: float, said: str) -> None:
    assert usd(amount) == said


def using(
    standin: StandIn, folder: Path, cap: float, do: Callable[[Teacher], Awaitable[Any]], *, price: Price = BOTH
) -> tuple[Any, Budget]:
    """What comes of asking a teacher whose budget counts the journal in `folder`."""

    async def run() -> tuple[Any, Budget]:
        journal = Journal(folder / "calls")
        budget = Budget(price, cap).begin_after(journal.calls())
        endpoint = Endpoint(Client(standin.base_url, Credentials("NO_KEY_NEEDED"), timeout=5), 32)
        teacher = Teacher.alone([endpoint], journal, Progress(folder / "p.json"), retries=0, mode="text", budget=budget)
        try:
            return await do(teacher), budget
        finally:
            await teacher.close()

    return asyncio.run(run())


def paid_for(standin: StandIn, price: Price) -> float:
    tokens = standin.tokens()
    return price.rates[0].input * tokens["input"] / 1e6 + price.rates[0].output * tokens["output"] / 1e6


def test_32_slots_stay_within_the_cap_as_the_endpoint_counts_it(standin: StandIn, tmp_path: Path) -> None:
    standin.control(wait=0.01)

    async def ask_all(teacher: Teacher) -> list[Reply | CallError]:
        return list(await asyncio.gather(*(teacher.ask(request(f"{n} {'word ' * 200}", 200)) for n in range(200))))

    cap = 0.03
    outcomes, budget = using(standin, tmp_path, cap, ask_all)
    spent = paid_for(standin, BOTH)
    a_call = budget.most(request(f"100 {'word ' * 200}", 200))
    assert cap - a_call < spent <= cap
    assert budget.spent == pytest.approx(spent)
    refused = [one for one in outcomes if isinstance(one, CallError)]
    assert refused
    assert {one.kind for one in refused} == {"stopped"}


def test_what_the_journal_holds_is_spent(standin: StandIn, tmp_path: Path) -> None:
    first, budget = using(standin, tmp_path, 1.0, lambda teacher: teacher.ask(request("hello")))
    assert read_progress(tmp_path / "p.json").cost_usd == pytest.approx(budget.spent)
    again, _ = using(standin, tmp_path, budget.spent * 1.01, lambda teacher: teacher.ask(request("hello")))
    assert isinstance(first, Reply)
    assert again == first, "what was paid for costs nothing"
    counts = read_progress(tmp_path / "p.json")
    assert (counts.cost_usd, counts.reused_usd) == (0, pytest.approx(budget.spent))
    other, after = using(standin, tmp_path, budget.spent * 1.01, lambda teacher: teacher.ask(request("more")))
    assert isinstance(other, CallError)
    assert after.spent == pytest.approx(budget.spent)
    assert standin.count()["paid"] == 1


def test_cached_tokens_of_the_reply_cost_less(standin: StandIn, tmp_path: Path) -> None:
    cheap = Price((Rate(1.0, 0.0, 0.5),))
    standin.control(cached=100)
    reply, budget = using(standin, tmp_path, 1.0, lambda t: t.ask(request("word " * 200)), price=cheap)
    assert reply.cached_tokens == 100
    assert budget.spent == pytest.approx((reply.input_tokens - 50) / 1e6)


def test_an_endpoint_without_token_counts_is_charged_by_length(standin: StandIn, tmp_path: Path) -> None:
    standin.control(usage=False)
    reply, budget = using(standin, tmp_path, 1.0, lambda teacher: teacher.ask(request("word " * 200)))
    assert reply.input_tokens == reply.output_tokens == 0
    assert budget.spent == pytest.approx((-(-1006 // 4) + 2 * -(-len(reply.text) // 4)) / 1e6)


def test_calls_of_another_model_in_the_journal_count_at_their_own_price() -> None:
    dear = Price((Rate(0.0, 5_000_000.0, 0.0),))
    budget = Budget(DOLLAR_A_TOKEN, 100, {"dear": dear})
    told = Reply("x", "stop", 1, 3)
    budget.begin_after([(request(), told), (replace(request(), model="dear"), told)])
    assert budget.spent == 3 + 15
    assert budget.left() == 100 - 18
