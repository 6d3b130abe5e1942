from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from synth.run.picking import picked

ROWS = st.lists(st.sampled_from(["code", "math", "planning", ""])).map(
    lambda scenarios: [{"id": f"row-{place}", "scenario": scenario} for place, scenario in enumerate(scenarios)]
)
Rows = list[dict[str, str]]


@given(ROWS, st.integers(1, 12), st.integers(0, 3))
def test_scenarios_take_turns_as_long_as_they_have_rows(rows: Rows, n: int, seed: int) -> None:
    places = picked(rows, n, seed=seed)

    assert len(set(places)) == len(places) == min(n, len(rows))
    there = Counter(row["scenario"] for row in rows)
    taken = Counter(rows[place]["scenario"] for place in places)
    most = max(taken.values(), default=0)
    assert all(taken[name] >= min(most - 1, there[name]) for name in there)


@given(ROWS, st.integers(1, 12), st.integers(0, 3))
def test_the_same_pairs_come_every_time_and_more_of_them_begin_with_these(rows: Rows, n: int, seed: int) -> None:
    assert picked(rows, n + 3, seed=seed)[:n] == picked(iter(rows), n, seed=seed)


@given(ROWS, st.integers(1, 12))
def test_it_is_ids_that_are_drawn_and_not_places(rows: Rows, n: int) -> None:
    backwards = rows[::-1]

    assert [rows[place] for place in picked(rows, n)] == [backwards[place] for place in picked(backwards, n)]


def test_another_seed_draws_other_pairs_and_the_largest_scenario_comes_first() -> None:
    rows = [{"id": f"row-{place}", "scenario": "rare" if place < 10 else "usual"} for place in range(100)]

    assert {tuple(picked(rows, 4, seed=seed)) for seed in range(20)} != {tuple(picked(rows, 4))}
    assert [rows[place]["scenario"] for place in picked(rows, 3)] == ["usual", "rare", "usual"]
