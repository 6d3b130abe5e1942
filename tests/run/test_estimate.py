"""Estimates: from calls of the run where there are any, else from assumptions, and never above what is allowed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Protocol, scale_named
from synth.parsing.schema import on_the_wire, schema
from synth.run.estimate import Tally, expected_output
from synth.teacher.call import Reply, Request
from synth.teacher.prices import Price, Rate

PRICE = Price((Rate(1.0, 10.0, 1.0), Rate(2.0, 20.0, 2.0, above=1000)))
PAIRWISE = on_the_wire(schema(Protocol.PAIRWISE, scale_named("1-10"), with_reference=False)).text


def asked(length: int = 400, most: int = 1000) -> Request:
    return Request("m", (("user", "x" * length),), "", most)


def test_without_calls_tokens_are_assumed() -> None:
    tally = Tally("judging")
    for _ in range(10):
        tally.see(asked(), None)
    stage = tally.stage(PRICE, slots=4)
    assert (stage.calls, stage.in_journal, stage.measured_on) == (10, 0, 0)
    assert (stage.input_tokens, stage.output_tokens, stage.most_output_tokens) == (1000, 3000, 10_000)
    assert stage.cost_usd == pytest.approx(0.031)
    assert stage.most_usd == pytest.approx(0.101)


def test_calls_of_the_run_replace_the_assumptions() -> None:
    tally = Tally("judging")
    tally.see(asked(), Reply("x", "stop", 50, 30))
    tally.see(asked(), Reply("x", "stop", 150, 50))
    tally.see(asked(), Reply("no counts", "stop", 0, 0))
    for _ in range(10):
        tally.see(asked(800), None)
    stage = tally.stage(PRICE, slots=4)
    assert (stage.calls, stage.in_journal, stage.measured_on) == (10, 3, 2)
    assert stage.input_tokens == 2000, "an eighth of a byte each way, and a quarter measured"
    assert stage.output_tokens == 400


def test_a_stage_that_is_done_costs_nothing_more() -> None:
    tally = Tally("judging")
    tally.see(asked(), Reply("x", "stop", 50, 30))
    stage = tally.stage(PRICE, slots=4)
    assert (stage.calls, stage.input_tokens, stage.output_tokens, stage.cost_usd, stage.seconds) == (0, 0, 0, 0, 0)


def test_no_cost_is_made_up_without_a_price_and_no_time_where_none_is_known() -> None:
    tally = Tally("judging")
    tally.see(asked(), None)
    stage = tally.stage(None, slots=1, timed=False)
    assert (stage.cost_usd, stage.most_usd, stage.seconds) == (None, None, None)


def test_prompts_that_are_long_as_a_rule_are_charged_as_long_ones() -> None:
    tally = Tally("judging")
    for _ in range(10):
        tally.see(asked(8000), None)
    assert tally.stage(PRICE, slots=1).cost_usd == pytest.approx((20_000 * 2 + 3000 * 20) / 1e6)


@given(st.integers(1, 64), st.integers(1, 200))
def test_more_slots_never_take_longer_and_one_call_is_as_long_on_any(slots: int, calls: int) -> None:
    tally, alone = Tally("judging"), Tally("judging")
    alone.see(asked(), None)
    for _ in range(calls):
        tally.see(asked(), None)
    times = [tally.stage(PRICE, slots=one).seconds or 0 for one in (slots, slots + 1)]
    assert times[0] >= times[1] > 0
    assert alone.stage(PRICE, slots=slots).seconds == alone.stage(PRICE, slots=1).seconds


def test_a_reply_is_expected_to_be_as_long_as_its_schema_asks_for() -> None:
    solving = on_the_wire(schema(Protocol.PAIRWISE, scale_named("1-10"), with_reference=True)).text
    grades = [
        on_the_wire(schema(Protocol.POINTWISE, scale_named("1-10"), names, with_reference=False)).text
        for names in ({}, {"tone": False}, {"tone": False, "facts": True})
    ]
    assert expected_output(solving) > expected_output(PAIRWISE) > 300
    assert expected_output(grades[0]) < expected_output(grades[1]) < expected_output(grades[2])
    short = on_the_wire(schema(Protocol.PAIRWISE, scale_named("1-10"), with_reference=False), max_chars=80).text
    assert expected_output(short) < expected_output(PAIRWISE) / 3


def test_no_more_is_expected_than_is_allowed() -> None:
    tally = Tally("judging")
    tally.see(replace(asked(most=16), schema=PAIRWISE), None)
    assert tally.stage(None, slots=1).output_tokens == 16
