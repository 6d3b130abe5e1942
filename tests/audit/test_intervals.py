import numpy as np
import pytest
from scipy import stats

from synth.audit.intervals import Estimate, mean, of_table, resampled, share


def test_the_interval_of_a_share_is_about_two_standard_errors_to_each_side() -> None:
    found = mean(np.array([1.0] * 80 + [0.0] * 20))

    assert (found.value, found.n) == (0.8, 100)
    assert found.low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.015)
    assert found.high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.015)


def test_drawing_counts_is_the_same_as_drawing_rows() -> None:
    values = np.array([1.0] * 30 + [0.5] * 20 + [-1.0] * 10)

    by_counts, by_rows = mean(values), resampled(lambda column: float(column.mean()), values)

    assert by_counts.value == by_rows.value
    assert by_counts.low == pytest.approx(by_rows.low, abs=0.04)
    assert by_counts.high == pytest.approx(by_rows.high, abs=0.04)


def test_the_same_values_always_say_the_same() -> None:
    values = np.array([0.0, 1, 1, 1, 0, 1])

    assert mean(values) == mean(values[::-1].copy())
    assert resampled(np.mean, values) == resampled(np.mean, values)


def test_of_no_rows_nothing_is_said() -> None:
    nothing = Estimate(None, None, None, 0)

    assert mean(np.array([])) == nothing
    assert of_table(np.zeros((3, 3), dtype=np.int64), lambda tables: tables.sum(axis=(1, 2))) == nothing
    assert resampled(np.mean, np.array([])) == nothing


def test_resamples_in_which_a_statistic_is_undefined_are_left_out() -> None:
    def of_two_values(column: np.ndarray) -> float:
        return float("nan") if np.ptp(column) == 0 else 1.0

    assert resampled(of_two_values, np.array([0.0, 1.0])) == Estimate(1.0, 1.0, 1.0, 2)
    assert resampled(of_two_values, np.array([1.0, 1.0])) == Estimate(None, None, None, 2)


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (7, 20), (20, 20), (0, 300), (411, 419)])
def test_the_interval_of_a_share_of_few_rows_is_wilsons(hits: int, n: int) -> None:
    found = share(hits, n)

    wilson = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert (found.value, found.n) == (hits / n, n)
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high), abs=1e-9)
    assert share(0, 0) == Estimate(None, None, None, 0)


def test_an_estimate_reads_as_value_interval_and_n() -> None:
    assert str(Estimate(0.5, 0.25, 0.75, 8)) == "0.500 [0.250, 0.750] n 8"
    assert str(Estimate(None, None, None, 3)) == "undefined, n 3"
