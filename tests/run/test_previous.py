"""What a run can go on from, and what is said of what it cannot."""

import json
from pathlib import Path

import pytest

from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.run.previous import find, to_go_on_from

OWN = RunFolder(Path("outputs/new"))


@pytest.fixture
def finished(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "outputs" / "old")
    folder.path.mkdir(parents=True)
    for file in (folder.config, folder.pairs, folder.judgments, folder.kept, folder.dropped):
        file.touch()
    folder.manifest.write_text("{}")
    return folder


def refusal(name: Path | str, own: RunFolder = OWN) -> str:
    with pytest.raises(ConfigError) as caught:
        to_go_on_from(str(name), own)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_finished_run_has_its_journal(finished: RunFolder) -> None:
    assert to_go_on_from(str(finished.path), OWN).run == finished


def test_a_dataset_is_named_with_its_revision() -> None:
    found = find("me/my-data.v2@v1.0/beta")
    assert (found.run, found.source, found.revision) == (None, "me/my-data.v2", "v1.0/beta")


def test_a_folder_with_a_card_and_no_run_is_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    found = find(str(tmp_path))
    assert (found.run, found.source, found.revision) == (None, str(tmp_path), None)


@pytest.mark.parametrize("name", ["me/data", "outputs/none", "me/data@", "a/b/c@d"])
def test_what_is_neither_there_nor_a_dataset_with_a_revision_is_refused(name: str) -> None:
    said = refusal(name)
    assert said.startswith(f"previous: {name}: no such folder")
    assert "org/name@revision" in said


@pytest.mark.parametrize("file", ["config", "pairs", "judgments", "kept", "dropped", "manifest"])
def test_an_unfinished_run_is_refused(finished: RunFolder, file: str) -> None:
    missing: Path = getattr(finished, file)
    missing.unlink()
    said = refusal(finished.path)
    assert f"holds no finished run, as there is no {missing.name}" in said
    assert "judgemill run" in said


def test_a_file_an_import_and_the_runs_own_folder_are_refused(finished: RunFolder) -> None:
    assert "is a file" in refusal(finished.config)
    assert "is the folder of this very run" in refusal(finished.path, RunFolder(finished.path / ".." / "old"))
    finished.manifest.write_text(json.dumps({"imported": {}}))
    assert "was imported" in refusal(finished.path)
    assert find(str(finished.path)).run == finished, "it can be compared"
