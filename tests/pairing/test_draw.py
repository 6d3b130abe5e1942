"""Draws of lots depend on the seed and the row, go by weight, and are fair to positions."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from synth.pairing.draw import Setting, by_lot, chance, drawn, in_lots, stored_first

A, B = Setting(0, "a", 99), Setting(1, "b", 99)
A_HOT = replace(A, temperature=1.0)
ROWS = [str(number) for number in range(2000)]


def test_the_same_seed_and_row_draw_the_same_whatever_the_order_of_the_config() -> None:
    settings = [A, A_HOT, B]
    for row in ROWS[:50]:
        assert drawn(settings, 2, 7, row) == drawn(settings[::-1], 2, 7, row)
    assert any(drawn(settings, 2, 7, row) != drawn(settings, 2, 8, row) for row in ROWS[:50])


def test_settings_are_drawn_by_their_weights() -> None:
    heavy = replace(A, weight=3.0)
    first = Counter(drawn([heavy, B], 1, 0, row)[0].model for row in ROWS)
    assert 0.70 < first["a"] / len(ROWS) < 0.80


def test_a_tiny_weight_is_drawn_last_and_no_number_runs_out() -> None:
    tiny = [replace(B, weight=1e-300, system=str(number)) for number in range(3)]
    for row in ROWS[:50]:
        assert drawn([*tiny, A], 1, 0, row) == [A]
        assert len(set(drawn([*tiny, A], 4, 0, row))) == 4


def test_other_models_come_before_other_settings_of_one() -> None:
    for row in ROWS[:100]:
        assert {one.model for one in drawn([A, A_HOT, B], 2, 0, row)} == {"a", "b"}
        assert len(drawn([A, A_HOT, B], 3, 0, row)) == 3


@given(st.text(), st.integers(0, 9))
def test_one_who_asks_for_more_keeps_what_was_drawn(row: str, seed: int) -> None:
    settings = [A, A_HOT, B, replace(B, system="Be brief.")]
    every = drawn(settings, 4, seed, row)
    assert [drawn(settings, count, seed, row) for count in range(5)] == [every[:count] for count in range(5)]


@given(st.integers(), st.lists(st.text()))
def test_chance_is_within_its_bounds(seed: int, of: list[str]) -> None:
    assert 0 < chance(seed, *of) < 1


def test_a_single_pair_is_stored_either_way_round_equally_often() -> None:
    first = Counter(stored_first(1, 2, in_lots([1, 2], 0, row)) for row in ROWS)
    assert 0.46 < first[1] / len(ROWS) < 0.54


@given(st.integers(2, 9), st.text())
def test_among_all_pairs_of_a_prompt_every_response_is_first_half_of_the_time(size: int, row: str) -> None:
    lots = in_lots(range(1, size + 1), 0, row)
    first = Counter(stored_first(one, other, lots) for one, other in combinations(range(1, size + 1), 2))
    assert all(abs(first[number] - (size - 1) / 2) <= 1 for number in range(1, size + 1))
    assert all(stored_first(one, other, lots) == stored_first(other, one, lots) for one, other in combinations(lots, 2))


def test_every_pair_is_the_first_by_lot_equally_often() -> None:
    pairs = list(combinations(range(1, 4), 2))
    first = Counter(by_lot(pairs, 0, row)[0] for row in ROWS)
    assert all(0.29 < first[pair] / len(ROWS) < 0.38 for pair in pairs)
