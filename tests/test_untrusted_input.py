"""What comes from outside stays data: no file, template, name or row is ever run, or leads out of the run folder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import ValidationError

from synth.config.model import Config
from synth.errors import ConfigError
from synth.exports import card, student
from synth.prompts.render import template
from synth.scenario import load
from tests.conftest import ROOT

SOURCES = sorted(path for folder in ("synth", "filters", "scenarios") for path in (ROOT / folder).rglob("*.py"))
_RUN = {"eval", "exec", "compile", "__import__"}
_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy", "code"}
_OPTIONS = {"trust_remote_code", "allow_pickle", "shell"}


def runs_what_it_is_given(source: str) -> Iterator[str]:
    """Each way in which a module could run data."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _RUN:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="system" | "popen")):
                yield "os"
            case ast.Call(func=ast.Name(id="YAML"), keywords=options):
                kinds = [one.value.value for one in options if one.arg == "typ" and isinstance(one.value, ast.Constant)]
                if kinds not in (["safe"], ["rt"]):  # neither makes objects of tags
                    yield "YAML"
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.partition(".")[0] in _MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in _MODULES:
                yield module
            case ast.keyword(arg=str(name), value=ast.Constant(value=value)) if name in _OPTIONS and value:
                yield name


# Notes of pairs are packed in memory, by this process and those that it forked, and never come from a file.
ALLOWED = {"filters/notes.py": ["pickle"]}


def test_no_module_runs_what_it_is_given() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): list(runs_what_it_is_given(path.read_text(encoding="utf-8")))
        for path in SOURCES
    }
    assert len(found) > 200
    assert {path: ways for path, ways in found.items() if ways} == ALLOWED


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "import os\nos.system(x)",
        "import pickle",
        "from pickle import load",
        "YAML(typ='unsafe')",
        "YAML()",
        "load_dataset(x, trust_remote_code=True)",
        "run(x, shell=True)",
    ],
)
def test_the_check_would_see_it(source: str) -> None:
    assert list(runs_what_it_is_given(source))


def test_templates_are_rendered_in_a_sandbox() -> None:
    for made in (template("pairwise.user.jinja2"), student._template("pairwise.1.jinja2"), card._template()):
        assert isinstance(made.environment, ImmutableSandboxedEnvironment)


LEADS_OUT = ["..", "../x", "a/b", "/tmp/x", ".hidden", "a\\b", "", "~", "a\n", "\0", "con:x"]


@given(st.text(max_size=8) | st.sampled_from(LEADS_OUT))
@example("../x")
def test_the_name_of_a_run_is_one_folder_beside_the_others(name: str) -> None:
    try:
        config = Config.model_validate({"name": name, "data": {"path": "p"}, "teacher": {"model": "m"}})
    except ValidationError:
        return
    folder = Path("/outputs", config.name)
    assert folder.resolve().parent == Path("/outputs")
    assert folder.name == name


@pytest.mark.parametrize("name", LEADS_OUT)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        Config.model_validate({"name": name, "data": {"path": "p"}, "teacher": {"model": "m"}})


@pytest.mark.parametrize("name", ["../x", "a/b", "/x", ".."])
def test_the_name_of_a_scenario_is_no_path(tmp_path: Path, name: str) -> None:
    criterion = "{name: hot, type: content, objective: true, description: Serves the tea hot and at once.}"
    (tmp_path / "tea.yaml").write_text(
        f"name: {name}\ndefinition: The user wants a cup of tea.\ncriteria: [{criterion}]\n"
    )
    with pytest.raises(ConfigError, match=r"tea.yaml:1: name"):
        load([tmp_path])
