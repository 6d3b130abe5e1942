import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from synth import yaml_file
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run.folder import RunFolder, write_json, write_text

VALUES: dict[str, Any] = {
    "name": "mine",
    "data": {"path": "pairs.jsonl"},
    "teacher": {"model": "m"},
    "filters": "default",
}


def config(**changes: dict[str, Any] | Any) -> Config:
    """Sections are changed key by key, anything else as a whole."""
    merged = {
        name: VALUES.get(name, {}) | changes[name] if isinstance(changes.get(name), dict) else changes.get(name, value)
        for name, value in (changes | VALUES).items()
    }
    return Config.model_validate(merged)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A folder that holds a run of `config()`, as run.py writes it."""
    found = RunFolder(tmp_path / "outputs" / "mine")
    found.path.mkdir(parents=True)
    with found.config.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(config().model_dump(mode="json"), file)
    found.calls.mkdir()
    (found.calls / "0.jsonl").write_text("{}\n")
    return found


def refusal(folder: RunFolder, now: Config) -> str:
    with pytest.raises(ConfigError) as caught:
        folder.check_config(now)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_that_is_not_there_or_empty_takes_any_run(tmp_path: Path) -> None:
    RunFolder(tmp_path / "none").check_config(config())
    RunFolder(tmp_path).check_config(config())


def test_the_same_config_goes_on_in_its_folder(folder: RunFolder) -> None:
    folder.check_config(config())


FREE: list[dict[str, Any]] = [
    {"data": {"limit": 3}},
    {"data": {"bad_rows": "skip"}},
    {"teacher": {"base_url": "http://localhost:1/v1"}},
    {"teacher": {"api_key_env": "OTHER"}},
    {"teacher": {"slots": 7}},
    {"teacher": {"timeout": 5}},
    {"teacher": {"retries": 0}},
    {"teacher": {"max_failing": 0.5}},
    {"teacher": {"mode": "batch"}},
    {"teacher": {"prices": {"input": 1, "output": 2}}},
    {"budget_usd": 5},
    {"teacher": {"headers": {"X-Team": "TEAM"}}},
    {"teacher": {"requests_per_minute": 60}},
    {"teacher": {"tokens_per_minute": 60}},
    {"teacher": {"base_url": ["http://localhost:1/v1", "http://localhost:2/v1"]}},
    {"teacher": {"reply_mode": "text"}},
    {"teacher": {"context": 1024}},
    {"outputs": {"folder": "elsewhere"}},
    {"outputs": {"formats": ["other"]}},
    {"outputs": {"student": {"wordings": 3}}},
    {"outputs": {"splits": {"train": 1}}},
    {"outputs": {"held_out": ["exam_questions"]}},
    {"outputs": {"augment": {"swap": "relabel", "reference": "both"}}},
    {"audit": {"require_agreement": 0.8}},
    {"audit": {"measure": "strict_agreement"}},
    {"responses": {"per_prompt": 3, "models": [{"model": "m"}]}},
    {"pairs": {"strategy": "every"}},
    {"prompts": {"per_scenario": 100}},
    {"flaws": {"share": 0.5}},
    {"card": {"pretty_name": "Mine"}},
    {"card": {"version": "v1"}},
    {"card": {"license": "mit"}},
    {"card": {"language": ["en"]}},
    {"card": {"source_licenses": {"my forum": "cc-by-4.0"}}},
    {"card": {"teacher_terms": "Training is allowed."}},
    {"card": {"citation": "@misc{mine}"}},
    {"filters": "minimal"},
    {"filters": ["malformed"]},
    {"rescue": {"votes": 3}},
    {"references": {"by": "teacher"}},
    {"previous": "outputs/older"},
]
MATTERS: list[tuple[dict[str, Any], str]] = [
    ({"data": {"path": "other.jsonl"}}, "data.path was 'pairs.jsonl', is 'other.jsonl'"),
    ({"data": {"columns": {"prompt": "q"}}}, "data.columns was {}, is {'prompt': 'q'}"),
    ({"data": {"split": "test"}}, "data.split was 'train', is 'test'"),
    ({"teacher": {"model": "other"}}, "teacher.model was 'm', is 'other'"),
    ({"teacher": {"max_tokens": 99}}, "teacher.max_tokens was 2048, is 99"),
    ({"teacher": {"parameters": {"temperature": 1}}}, "teacher.parameters was None, is {'temperature': 1}"),
    ({"scenarios": {"default": "chitchat"}}, "scenarios.default was None, is 'chitchat'"),
    ({"scenarios": {"among": ["code"]}}, "scenarios.among was [], is ['code']"),
    ({"scenarios": {"folders": ["mine"]}}, "scenarios.folders was [], is ['mine']"),
    ({"judging": {"scale": "1-5"}}, "judging.scale was '1-10', is '1-5'"),
    ({"judging": {"protocols": ["pairwise"]}}, "judging.protocols was ['pairwise', 'pointwise'], is ['pairwise']"),
    ({"judging": {"language": "de"}}, "judging.language was 'auto', is 'de'"),
    ({"judging": {"grade_criteria": False}}, "judging.grade_criteria was True, is False"),
    ({"judging": {"criteria": "own"}}, "judging.criteria was 'all', is 'own'"),
    ({"judging": {"max_chars": 200}}, "judging.max_chars was None, is 200"),
    ({"seed": 1}, "seed was 0, is 1"),
    ({"imported": {"reply_format": "llmbar"}}, "imported.reply_format was None, is 'llmbar'"),
    ({"name": "other"}, "name was 'mine', is 'other'"),
]


@pytest.mark.parametrize("change", FREE, ids=str)
def test_what_does_not_change_an_ask_may_change(folder: RunFolder, change: dict[str, Any]) -> None:
    assert config(**change) != config()
    folder.check_config(config(**change))


@pytest.mark.parametrize(("change", "difference"), MATTERS, ids=str)
def test_a_run_of_another_config_is_refused_with_the_difference(
    folder: RunFolder, change: dict[str, Any], difference: str
) -> None:
    said = refusal(folder, config(**change))
    assert said.startswith(f"{folder.path}: holds a run of another config ({difference}")
    assert "--fresh" in said


@pytest.mark.parametrize("now", ["outputs/oldest", None])
def test_the_previous_version_of_a_run_that_was_begun_stays(folder: RunFolder, now: str | None) -> None:
    folder.config.write_text(yaml_file.text(config(previous="outputs/older").model_dump(mode="json")))
    folder.check_config(config(previous="outputs/older"))
    assert f"previous was 'outputs/older', is {now!r}" in refusal(folder, config(previous=now))


def options(values: dict[str, Any], sections: list[str]) -> set[str]:
    inner = {f"{name}.{key}" for name in sections for key in values.get(name, {})}
    return inner | {name for name in values if name not in sections}


def test_every_option_is_known_to_matter_or_not() -> None:
    """An option that is new belongs into one of the two lists above."""
    every = config().model_dump()
    sections = [name for name, value in every.items() if isinstance(value, dict)]
    listed = [*FREE, *(change for change, _ in MATTERS)]
    assert set().union(*(options(change, sections) for change in listed)) == options(every, sections)


@pytest.mark.parametrize("written", ["", "- a\n", "data: [a]\n", "teacher: null\n"])
def test_a_folder_with_a_config_that_says_nothing_of_use_is_another_run(folder: RunFolder, written: str) -> None:
    folder.config.write_text(written)
    assert "holds a run of another config" in refusal(folder, config())


def test_a_broken_config_in_the_folder_is_named(folder: RunFolder) -> None:
    folder.config.write_text("data: [\n")
    assert refusal(folder, config()).startswith(f"{folder.config}:")


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    assert refusal(RunFolder(tmp_path), config()).startswith(f"{tmp_path}: holds files but no run; choose another")
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    assert refusal(RunFolder(tmp_path / "mine"), config()).startswith(f"{tmp_path}/mine: is a file")
    for path in (tmp_path / "mine", tmp_path / "mine" / "deeper"):
        with pytest.raises(ConfigError, match="no folder can be made here"), RunFolder(path).claimed():
            pass


def test_a_folder_left_by_a_run_that_never_began_takes_any_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "mine")
    with folder.claimed():
        folder.check_config(config())
    folder.check_config(config())


def test_a_folder_in_which_pairs_were_only_previewed_takes_any_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "mine")
    folder.preview().work.mkdir(parents=True)
    folder.calls.mkdir()
    with folder.claimed():
        folder.check_config(config())
        folder.pairs.touch()  # as of a run that was killed before its first call
        folder.check_config(config())
    (folder.path / "thesis.tex").write_text("mine")
    assert "holds files but no run" in refusal(folder, config())


def test_a_table_of_somebody_elses_is_no_run_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "pairs.parquet").touch()
    assert "holds files but no run" in refusal(RunFolder(tmp_path), config())


CLAIM = """
import sys
from pathlib import Path
from synth.run.folder import RunFolder
with RunFolder(Path(sys.argv[1])).claimed():
    print("claimed", flush=True)
    sys.stdin.read()
"""


def test_a_folder_in_which_another_process_runs_is_refused_until_it_ends(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "mine")
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "claimed\n"
        with pytest.raises(ConfigError, match="another judgemill is running in this folder"), folder.claimed():
            pass
        other.kill()
        other.wait()
        with folder.claimed():
            pass


def test_a_folder_is_free_again_when_the_claim_ends_in_an_error(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "mine")
    with pytest.raises(KeyError), folder.claimed():
        raise KeyError
    with folder.claimed(), pytest.raises(ConfigError, match="another judgemill"), RunFolder(folder.path).claimed():
        pass


def test_putting_a_run_aside_loses_nothing(folder: RunFolder) -> None:
    before = {path.relative_to(folder.path): path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    aside = folder.put_aside()
    assert aside == folder.path.with_name("mine.old-1")
    assert not folder.path.exists()
    assert {path.relative_to(aside): path.read_bytes() for path in aside.rglob("*") if path.is_file()} == before


def test_no_run_that_was_put_aside_is_written_over(folder: RunFolder) -> None:
    folder.put_aside()
    folder.path.mkdir()
    (folder.path / "second").touch()
    assert folder.put_aside() == folder.path.with_name("mine.old-2")
    assert (folder.path.with_name("mine.old-1") / "config.yaml").exists()
    assert (folder.path.with_name("mine.old-2") / "second").exists()


def test_text_replaces_a_file_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    write_text(path, "first, and long")
    write_text(path, "zwei\u2028")
    assert path.read_text(encoding="utf-8") == "zwei\u2028"
    assert list(tmp_path.iterdir()) == [path]


def test_json_is_the_same_for_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    write_json(path, {"b": 1, "a": "ü"})
    first = path.read_text(encoding="utf-8")
    write_json(path, {"a": "ü", "b": 1})
    assert path.read_text(encoding="utf-8") == first
    assert json.loads(first) == {"a": "ü", "b": 1}
    assert "ü" in first


def test_the_parts_of_a_run_have_their_own_places(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    parts = [getattr(folder, name) for name in dir(RunFolder) if isinstance(getattr(RunFolder, name), property)]
    assert len(set(parts)) == len(parts) == 21
    assert all(part.parent == tmp_path for part in parts)


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()  # root may write to folders that are read-only, and nobody into this
    with pytest.raises(ConfigError, match="nothing can be written here") as raised, RunFolder(tmp_path).claimed():
        pass
    assert str(raised.value).startswith(f"{tmp_path}: ")
