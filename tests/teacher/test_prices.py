"""Prices: the bundled list by endpoint and model, the user's own, and what a call comes to."""

import json
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.prices import Price, Rate, dearest, price
from synth.teacher.usage import Usage

OPENAI = "https://api.openai.com/v1"
MILLION = 1_000_000
counts = st.integers(0, 10 * MILLION)
dollars = st.floats(0, 1000)


def known(model: str, base_url: str) -> Price:
    found = price(model, [base_url], {})
    assert found is not None
    return found


def test_a_model_of_a_provider_has_its_listed_price_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise AssertionError("prices are looked up without a network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = known("gpt-4.1-mini", OPENAI)
    assert found.cost(Usage(MILLION, 0)) == pytest.approx(0.4)
    assert found.cost(Usage(0, MILLION)) == pytest.approx(1.6)
    assert found.cost(Usage(MILLION, 0, cached_tokens=MILLION)) == pytest.approx(0.1)


def test_the_endpoint_decides_whose_price_it_is() -> None:
    azure = known("gpt-4.1-mini", "https://mine.openai.azure.com/openai/v1")
    assert azure.cost(Usage(MILLION, 0)) == pytest.approx(0.4)
    assert price("meta-llama/Llama-3.3-70B-Instruct-Turbo", ["https://api.together.xyz/v1"], {}) is not None
    assert price("meta-llama/Llama-3.3-70B-Instruct-Turbo", [OPENAI], {}) is None


@pytest.mark.parametrize(
    "base_url",
    [
        "http://localhost:8000/v1",
        "http://127.0.0.1:8000/v1",
        "http://[::1]:8000/v1",
        "http://vllm/v1",
        "https://gpu.example.org/v1",
    ],
)
def test_the_price_at_an_endpoint_of_ones_own_is_unknown(base_url: str) -> None:
    assert price("gpt-4.1-mini", [base_url], {}) is None


def test_an_unknown_model_has_no_price() -> None:
    assert price("no-such-model", [OPENAI], {}) is None


def test_the_users_own_prices_win() -> None:
    own = price("gpt-4.1-mini", [OPENAI], {"input": 2.0, "output": 3.0, "cached_input": None})
    assert own == Price((Rate(2.0, 3.0, cached_input=2.0),)), "cached input costs the same where nothing is said"
    cheaper = price("no-such-model", ["http://localhost/v1"], {"input": 2.0, "output": 3.0, "cached_input": 0.5})
    assert cheaper == Price((Rate(2.0, 3.0, cached_input=0.5),))


def test_long_prompts_cost_what_the_provider_asks_for_them() -> None:
    gemini = known("gemini-2.5-pro", "https://generativelanguage.googleapis.com/v1beta/openai/")
    short, long = gemini.cost(Usage(200_000, 0)) / 200_000, gemini.cost(Usage(200_001, 0)) / 200_001
    assert short * MILLION == pytest.approx(1.25)
    assert long * MILLION == pytest.approx(2.5)


def test_a_price_that_changes_with_the_hour_is_the_dearest_of_the_day() -> None:
    deepseek = known("deepseek-chat", "https://api.deepseek.com")
    assert deepseek.cost(Usage(MILLION, 0)) == pytest.approx(0.27), "half of it at night"


def test_a_share_of_the_price_is_that_share_of_every_cost() -> None:
    half = price("gemini-2.5-pro", ["https://generativelanguage.googleapis.com/v1beta/openai/"], {}, batch=True)
    assert half is not None
    full = known("gemini-2.5-pro", "https://generativelanguage.googleapis.com/v1beta/openai/")
    for used in (Usage(1000, 100, 500), Usage(300_000, 100)):
        assert half.cost(used) == pytest.approx(full.cost(used) / 2)


@given(dollars, dollars, dollars, counts, counts, counts)
def test_a_cost_is_never_negative_and_grows_with_the_output(
    fresh: float, output: float, cached: float, inputs: int, outputs: int, more: int
) -> None:
    one = Price((Rate(fresh, output, cached),))
    used = Usage(inputs, outputs, cached_tokens=min(more, inputs))
    longer = Usage(inputs, outputs + more, cached_tokens=min(more, inputs))
    assert 0 <= one.cost(used) <= one.cost(longer)


def test_of_several_endpoints_the_dearest_counts_and_one_without_a_price_leaves_none() -> None:
    azure = "https://my.openai.azure.com/openai"
    assert price("gpt-4.1-mini", [OPENAI, azure], {}) in (
        price("gpt-4.1-mini", [OPENAI], {}),
        price("gpt-4.1-mini", [azure], {}),
    )
    assert price("gpt-4.1-mini", [OPENAI, "http://10.0.0.1/v1"], {}) is None


def test_a_price_can_be_carried_as_json() -> None:
    one = Price((Rate(1.0, 2.0, 0.5), Rate(3.0, 4.0, 1.5, above=200_000)))
    assert Price.of(json.loads(json.dumps(one.record()))) == one


def test_of_several_prices_the_dearest_counts_and_an_unknown_one_makes_it_unknown() -> None:
    cheap, dear = Price((Rate(1.0, 1.0, 1.0),)), Price((Rate(1.0, 2.0, 1.0),))
    assert dearest([cheap, dear]) == dear
    assert dearest([cheap, None]) is None
