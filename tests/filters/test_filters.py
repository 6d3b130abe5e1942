"""What holds for all filters, and how a config chooses among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters import FILTERS, PRESETS, Dropped, Filter, chosen, first_objection
from synth.domain import Failure, JudgedPair
from synth.errors import ConfigError
from tests.filters.judged import AB, BA, EVERY, TIE, A, B, compared, judged
from tests.strategies import judged_pairs, swapped


def names(filters: tuple[Filter, ...]) -> list[str]:
    return [one.name for one in filters]


@given(st.sampled_from(FILTERS), judged_pairs())
def test_no_filter_depends_on_which_response_is_called_a(one: Filter, pair: JudgedPair) -> None:
    drop, renamed = one(pair), one(swapped(pair))
    assert (drop and drop.reason) == (renamed and renamed.reason)


@given(judged_pairs())
def test_what_every_preset_keeps_has_a_verdict(pair: JudgedPair) -> None:
    for preset in PRESETS:
        if first_objection(pair, chosen(preset)) is None:
            assert pair.verdict is not None


@given(judged_pairs())
def test_the_default_drops_whatever_the_minimal_preset_drops(pair: JudgedPair) -> None:
    if first_objection(pair, chosen("minimal")):
        assert first_objection(pair, chosen("default"))


def test_names_are_unique_and_presets_name_filters() -> None:
    known = names(FILTERS)
    assert known == ["malformed", "inconsistent", "order_unstable"]
    assert {name for preset in PRESETS.values() for name in preset} <= set(known)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("minimal", ["malformed", "order_unstable"]),
        ("default", ["malformed", "inconsistent", "order_unstable"]),
        (["order_unstable", "inconsistent"], ["malformed", "inconsistent", "order_unstable"]),
        (["malformed", "malformed"], ["malformed"]),
        ([], ["malformed"]),
    ],
)
def test_filters_run_in_one_order_and_malformed_always(wanted: str | list[str], expected: list[str]) -> None:
    assert names(chosen(wanted)) == expected


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("defualt", "filters: unknown preset 'defualt'; did you mean 'default'? one of minimal, default"),
        ("malformed", "filters: unknown preset 'malformed'; one of minimal, default"),
        (
            ["malformed", "orderunstable"],
            "filters: unknown filter 'orderunstable'; did you mean 'order_unstable'? "
            "one of malformed, inconsistent, order_unstable",
        ),
        (["zebra"], "filters: unknown filter 'zebra'; one of malformed, inconsistent, order_unstable"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(wanted: str | list[str], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(wanted)
    assert str(caught.value) == said


def test_the_first_filter_that_objects_names_the_reason() -> None:
    contrary_flip = judged(compared(AB, A, 1, 9), compared(BA, B, 1, 9))
    assert first_objection(contrary_flip, chosen("default")) == Dropped(
        "inconsistent", "winner scores lower", "pairwise ab: verdict a, scores a 1 and b 9"
    )
    assert first_objection(contrary_flip, chosen("minimal")) == Dropped(
        "order_unstable", "verdict flips", "the response shown first wins both times"
    )
    unread = judged(compared(AB, A, 1, 9), Failure(EVERY[1], "empty", "no words"))
    assert first_objection(unread, chosen("default")) == Dropped("malformed", "empty", "pairwise ba: no words")


def test_a_pair_without_fault_is_kept() -> None:
    assert first_objection(judged(compared(AB, TIE, 5, 5), compared(BA, TIE, 7, 7)), chosen("default")) is None
