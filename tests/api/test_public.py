"""What `synth` offers: names, types, docstrings, and that importing it costs nothing."""

import inspect
import subprocess
import sys
from types import FunctionType
from typing import Any

import pytest

import synth
from synth import api
from tests.conftest import ROOT


def in_python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_importing_it_imports_nothing_else() -> None:
    in_python("import sys, synth; assert not [one for one in sys.modules if one.startswith(('synth.', 'pydantic'))]")


@pytest.mark.parametrize("first", ["from synth import run, audit", "import synth.run.stages, synth.audit.report"])
def test_a_function_keeps_its_name_whatever_was_imported_first(first: str) -> None:
    """`synth.run` is a package too, and importing a package binds it to its name."""
    then = (
        "import synth.run.plan, synth.audit.gate; from synth import run, audit; assert callable(run), callable(audit)"
    )
    in_python(f"{first}; {then}; from synth.run.tables import read; from synth.audit import gate")


def test_every_name_is_there_and_no_other() -> None:
    assert synth.__all__ == api.__all__ == sorted(api.__all__)
    for name in synth.__all__:
        assert getattr(synth, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'zebra'"):
        _ = synth.zebra


def own(value: Any) -> dict[str, Any]:
    """What a class itself defines for others to call."""
    return {
        name: one
        for name, one in vars(value).items()
        if not name.startswith("_") and isinstance(one, FunctionType | property)
    }


@pytest.mark.parametrize("name", synth.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    value = getattr(synth, name)
    written = value.__doc__ or ""
    assert len(written) > 20, name
    assert not written.startswith(f"{name}("), "what a dataclass writes itself"
    if isinstance(value, FunctionType):
        assert "Raises" in written, "which errors to expect"
        assert "```python" in written, "an example"
        assert f"from synth import {name}" in written
    for member, one in own(value).items():
        assert one.__doc__, f"{name}.{member}"


@pytest.mark.parametrize("name", [name for name in synth.__all__ if inspect.isfunction(getattr(synth, name))])
def test_examples_in_docstrings_compile(name: str) -> None:
    example = getattr(synth, name).__doc__.split("```python")[1].split("```")[0]
    compile(inspect.cleandoc(example), name, "exec")
