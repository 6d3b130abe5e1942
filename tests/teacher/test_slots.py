"""Slots shrink where an endpoint has no room, grow back where it answers, and stay within their bounds."""

from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.slots import Slots


def opened(most: int = 64) -> Slots:
    slots = Slots(most)
    slots.opened()
    return slots


def test_a_new_endpoint_has_one_slot_until_it_has_answered() -> None:
    slots = Slots(64)
    assert slots.free(now=0) == 1
    slots.opened()
    assert slots.free(now=0) == 64


def test_too_many_calls_halve_the_slots_once_a_round() -> None:
    slots = opened()
    for _ in range(64):
        slots.throttled(now=10, began=9, retry_after=None)
    assert slots.limit == 32, "calls that were under way do not count again"
    slots.throttled(now=12, began=11, retry_after=None)
    assert slots.limit == 16


def test_retry_after_leaves_the_endpoint_alone_for_as_long() -> None:
    slots = opened()
    slots.throttled(now=10, began=9, retry_after=5)
    slots.throttled(now=10, began=9, retry_after=2)
    assert slots.free(now=14.9) == 0
    assert slots.free(now=15) == 32


def test_answers_open_all_slots_again() -> None:
    slots = opened()
    for now in range(10):
        slots.throttled(now=now, began=now - 0.5, retry_after=None)
    assert slots.limit == 1
    for _ in range(1000):
        slots.answered()
    assert slots.limit == 64


def test_failures_in_a_row_pause_longer_and_longer_but_for_answers_between() -> None:
    slots = opened()
    for _ in range(3):
        slots.failed(now=10, began=9)
    first = slots.paused_until - 10
    for _ in range(64):
        slots.failed(now=10.1, began=9)
    assert slots.paused_until == 10 + first, "those under way are of the same round"
    slots.failed(now=20, began=19)
    assert slots.paused_until == 20 + 2 * first
    slots.answered()
    slots.failed(now=30, began=29)
    assert slots.free(now=30) == 64


@given(
    most=st.integers(1, 300),
    events=st.lists(st.tuples(st.sampled_from(["answered", "throttled", "failed"]), st.floats(0, 5), st.floats(0, 2))),
)
def test_whatever_happens_there_is_a_slot_in_the_end_and_never_more_than_most(
    most: int, events: list[tuple[str, float, float]]
) -> None:
    slots, now = opened(most), 1.0
    for event, retry_after, took in events:
        now += took
        match event:
            case "answered":
                slots.answered()
            case "throttled":
                slots.throttled(now, now - took, retry_after)
            case _:
                slots.failed(now, now - took)
        assert 1 <= slots.limit <= most
    assert slots.free(now + 60) >= 1, "no pause is longer than what was asked for, or half a minute"
