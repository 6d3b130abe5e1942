"""The arithmetic of the benchmark of big sets, and that its rows hold what they are to be found by."""

import json

import pytest

from benchmarks.recorded_rows import row, rows
from benchmarks.scale import Sample, Stage, stages_of, table


def test_a_stage_has_the_cpu_between_its_borders_and_the_most_memory_in_it() -> None:
    samples = [Sample(10.0, 0.0, 0), Sample(12.0, 4.0, 700), Sample(14.0, 4.0, 300), Sample(16.0, 8.0, 0)]
    first, second = stages_of(samples, [("one", 13.0), ("two", 16.0)])
    assert first == Stage("one", 3.0, 4.0, 700)
    assert second == Stage("two", 3.0, 4.0, 300)


def test_growth_is_one_where_twice_the_rows_take_twice_the_time() -> None:
    before = 1_000, [Stage("import", 2.0, 1.0, 10**6)]
    (line,) = table(10_000, [Stage("import", 20.0, 100.0, 3 * 10**6)], before)
    assert line == "| 10,000 | import | 20.0 | 100.0 | 500 | 10.000 | 3 | 1.00 | 2.00 |"


def test_rows_are_the_same_for_everybody_and_some_are_none() -> None:
    made = list(rows(900))
    assert made == list(rows(900))
    assert json.loads(made[5]) == row(5)
    with pytest.raises(json.JSONDecodeError):
        json.loads(made[7])
    assert "response_b" not in json.loads(made[407])
    near = json.loads(made[19])
    assert any(near["response_b"] == json.loads(made[number])["response_b"] for number in range(19) if number != 7)
