"""Tables without pandas, in a process of our own.

pyarrow imports pandas before its first array, half a second, so that it knows a Series when it sees one. It looks once;
here it finds none. What is asked to be made of pandas, or into it, still imports it.
"""

import importlib
import sys
from importlib.abc import MetaPathFinder
from typing import Any

_AFTER_PYARROW = ("pyarrow.compute", "pyarrow.parquet")  # whoever makes tables imports one of them


def keep_pandas_out_of_pyarrow() -> None:
    """From when pyarrow is imported, which this does not do. Where pandas is at hand already nothing changes."""
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Look)


class _Look(MetaPathFinder):
    """Has pyarrow look for pandas while there is none."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any, target: Any = None) -> None:
        if fullname in _AFTER_PYARROW:
            sys.meta_path[sys.meta_path.index(cls)] = _NoPandas
            try:
                importlib.import_module("pyarrow").array([0])
            finally:
                sys.meta_path.remove(_NoPandas)


class _NoPandas(MetaPathFinder):
    @classmethod
    def find_spec(cls, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ImportError("not now")
