"""Commands make tables without importing pandas; each case in a process of its own, as a command is."""

import subprocess
import sys

import pytest

_LIGHT = "import sys; from synth.without_pandas import keep_pandas_out_of_pyarrow as light; light()"


def _said(script: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["pyarrow.compute", "pyarrow.parquet"])
def test_tables_are_made_without_pandas_which_whoever_wants_it_still_has(module: str) -> None:
    table = f"import pyarrow as pa, {module}; made = pa.table({{'a': ['x', 'y'], 'b': [0.5, None]}}).num_rows"
    seen = "print(made, 'pandas' in sys.modules, pa.table({'a': [1]}).to_pandas().shape)"
    assert _said(f"{_LIGHT}; {table}; {seen}") == "2 False (1, 1)"


def test_asking_for_it_imports_nothing() -> None:
    assert _said(f"{_LIGHT}; print({{'pyarrow', 'pandas', 'numpy'}} & sys.modules.keys())") == "set()"


def test_pandas_that_is_there_already_stays_known_to_pyarrow() -> None:
    made = "print(pa.array(pandas.Series([1.0, float('nan')])).null_count)"
    assert _said(f"import pandas; {_LIGHT}; import pyarrow as pa, pyarrow.parquet; {made}") == "1"
