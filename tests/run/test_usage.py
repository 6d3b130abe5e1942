"""What a run took: each call once, in whatever order its rows came."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.run.usage import Used, together, used_by
from synth.teacher.prices import Price, Rate

PRICE = Price((Rate(0.1, 0.7, 0.03),))


def row(call: int, **more: Any) -> dict[str, Any]:
    told = {"input_tokens": 10, "cached_tokens": 4, "output_tokens": 3, "usage_reported": True}
    return {"call": f"{call:064x}", "model_name": "m", "error_kind": "", "error": "", **told, **more}


def table(folder: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet")
    return folder / "rows.parquet"


def test_a_call_that_answers_two_asks_is_paid_once_and_an_error_costs_nothing(tmp_path: Path) -> None:
    failed = row(3, error_kind="request", input_tokens=0, cached_tokens=0, output_tokens=0)
    rows = [row(1), row(2, usage_reported=False), row(1), failed]
    assert used_by([table(tmp_path, rows)], {"m": PRICE}) == Used(2, 20, 8, 6, 1, pytest.approx(5.64e-6, abs=1e-6))
    assert used_by([table(tmp_path, rows)], {"m": None}).cost_usd is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=20), st.randoms())
def test_the_cost_does_not_depend_on_the_order(tmp_path: Path, tokens: list[int], chance: Any) -> None:
    rows = [row(number, input_tokens=count) for number, count in enumerate(tokens)]
    first = used_by([table(tmp_path, rows)], {"m": PRICE})
    chance.shuffle(rows)
    assert used_by([table(tmp_path, rows)], {"m": PRICE}) == first


def test_two_rounds_add_up_and_cost_nothing_known_where_one_does_not() -> None:
    first, second = Used(2, 20, 8, 6, 1, 0.5), Used(1, 5, 0, 1, 0, 0.25)
    assert together(first, second) == Used(3, 25, 8, 7, 1, 0.75)
    assert together(first, Used(1, 5, 0, 1, 0, None)).cost_usd is None
