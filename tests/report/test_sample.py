from hypothesis import given
from hypothesis import strategies as st

from synth.report.sample import Chooser, quotas

cells = st.dictionaries(st.text(max_size=3), st.integers(1, 60), max_size=12)


@given(cells, st.integers(1, 200))
def test_a_sample_is_as_large_as_it_may_be(sizes: dict[str, int], limit: int) -> None:
    found = quotas(sizes, limit)
    assert sum(found.values()) == min(limit, sum(sizes.values()))
    assert all(found[cell] <= size for cell, size in sizes.items())


@given(cells, st.integers(1, 200))
def test_no_cell_gets_less_for_being_larger(sizes: dict[str, int], limit: int) -> None:
    found = quotas(sizes, limit)
    for one, size in sizes.items():
        assert all(found[one] + 1 >= found[other] for other in sizes if sizes[other] <= size)


@given(cells, st.integers(1, 200), st.randoms(use_true_random=False))
def test_every_cell_gives_its_quota_in_whatever_order_rows_pass(sizes: dict[str, int], limit: int, mix: object) -> None:
    rows = [cell for cell, size in sizes.items() for _ in range(size)]
    mix.shuffle(rows)  # type: ignore[attr-defined]
    chooser = Chooser(sizes, limit)
    taken = [cell for cell in rows if chooser.takes(cell)]
    assert {cell: taken.count(cell) for cell in sizes} == quotas(sizes, limit)


def test_rows_of_a_cell_are_taken_at_even_distances() -> None:
    chooser = Chooser({"x": 12}, 3)
    assert [place for place in range(12) if chooser.takes("x")] == [3, 7, 11]
