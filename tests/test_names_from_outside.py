"""Names that come from outside are refused or stay data: nothing is written outside of the run folder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from synth.config.model import Config
from synth.errors import ConfigError
from synth.exports import FORMATS, format_named
from synth.paths import expanded
from synth.run import tables
from synth.run.previous import find
from synth.run.recorded.importing import import_judgments
from synth.scenario.draft import new_file
from synth.teacher.ledger import Ledger
from synth.teacher.local import weights

# Paths that lead out, and names that some system gives a meaning or refuses.
LEADS_OUT = [
    *("../../x", "/tmp/x", "..", ".", "", "~", "~root/x", "~nobody-is-called-so", "a/b", "a\\b", "..\\x", "C:\\x"),
    *("\\\\host\\x", "file:///x", "a\0b", "a\nb", "con", "NUL.txt", "com1", "lpt9.parquet", "trailing.", "trailing "),
    *("x" * 300, "\u202e", "\x1b[2J", "$HOME", "%2e%2e/x", "{{ 7 * 7 }}", "<script>alert(1)</script>", "'; rm -rf x"),
    *("-rf", ".hidden", "dataset", "config.yaml"),
]
names = st.sampled_from(LEADS_OUT) | st.text(max_size=12) | st.text("./\\~:%ac \0", max_size=6)


def is_one_name(name: str) -> bool:
    """Of a file or folder beside others, on any system."""
    return (
        Path("/runs", name).resolve() == Path("/runs") / name
        and Path(name).name == name
        and not set(name) & set('\\/:*?"<>|\0\n')
        and not name.endswith((".", " "))
        and name.split(".", maxsplit=1)[0].lower() not in {"con", "nul", "prn", "aux", "com1", "lpt9"}
        and len(name.encode()) <= 200
    )


def config(**more: Any) -> Config:
    return Config.model_validate({"name": "n", "data": {"path": "p"}, "teacher": {"model": "m"}, **more})


@given(names)
@example("a")
def test_a_run_and_a_split_have_names_that_are_one_folder_or_file(name: str) -> None:
    for said in ({"name": name}, {"outputs": {"splits": {name: 1.0}}}):
        try:
            config(**said)
        except ValidationError:
            continue
        assert is_one_name(name)


@given(names)
def test_a_scenario_that_is_written_is_one_file_in_its_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "scenarios"
    try:
        path = new_file(name, folder, (), {})
    except ConfigError:
        return
    assert path == folder / f"{name}.yaml"
    assert is_one_name(path.name)


@given(names)
def test_a_format_is_known_or_refused(name: str) -> None:
    known = {one.name for one in FORMATS}
    if name not in known:
        with pytest.raises(ConfigError, match="unknown format"):
            format_named(name)


@given(names, names)
def test_a_model_on_the_hub_is_no_path_that_leads_out(repo: str, file: str) -> None:
    found = weights._ON_HUB.fullmatch(f"{repo}/{file}.gguf")
    if found:
        assert not {".", "..", ""} & {*found["repo"].split("/"), *found["file"].split("/")}


@given(names)
def test_a_path_that_cannot_be_one_is_refused_in_one_line(name: str) -> None:
    for reads in (expanded, find, lambda path: weights.resolve(f"{path}.gguf", Path("cache"))):
        try:
            reads(name)
        except ConfigError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017
            assert "\x1b" not in str(error)  # noqa: PT017


def test_a_ledger_from_elsewhere_writes_its_own_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "run")
    entry = ledger.intend("http://x", "text", ("a" * 64,))
    ledger.path(entry).write_text(json.dumps(asdict(entry) | {"name": "../../../out"}))
    (again,) = Ledger(tmp_path / "run").open()
    assert again.name == entry.name


def recorded(number: int, name: str) -> dict[str, Any]:
    """A row in which everything that is free text is the name."""
    judged = {"teacher": name.strip() or "t", "protocol": "pairwise", "verdict": "a", "critique": name}
    return {
        **dict.fromkeys(("id", "model_a", "model_b", "source", "reference"), name),
        "prompt": f"{number} {name}",
        "response_a": f"a {name}",
        "response_b": f"b {name}",
        "judgments": [judged | {"order": order} for order in ("ab", "ba")],
    }


def test_whatever_rows_call_themselves_all_files_are_in_the_run_folder(tmp_path: Path) -> None:
    rows = tmp_path / "in" / "rows.jsonl"
    rows.parent.mkdir()
    rows.write_text("".join(json.dumps(recorded(*one)) + "\n" for one in enumerate(LEADS_OUT)))
    before = set(tmp_path.rglob("*"))
    folder = import_judgments(rows, folder=tmp_path / "outputs", preset="minimal").folder
    written = set(tmp_path.rglob("*")) - before - {tmp_path / "outputs", folder}
    assert all(folder in path.resolve().parents for path in written)
    ours = {path.relative_to(folder).as_posix() for path in written}
    assert not [path for path in ours if not all(is_one_name(part) for part in path.split("/"))]
    kept = {row["id"] for row in tables.read(folder / "kept.parquet")}
    assert {name for name in LEADS_OUT if name} <= kept
