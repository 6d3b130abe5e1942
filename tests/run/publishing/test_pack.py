"""What goes out of a run, as files: nothing is sent here."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from synth.cli.publish import Also
from synth.config.model import Card
from synth.errors import ConfigError
from synth.run.finished import config_of
from synth.run.folder import RunFolder
from synth.run.publishing.pack import ALSO, Package, pack
from synth.run.publishing.secrets import refuse_secrets
from synth.run.recorded.importing import import_judgments

SECRET = 'sk-planted-"0123456789'


def pair(number: int, **more: Any) -> dict[str, Any]:
    judgments = [
        {"teacher": "t", "protocol": "pairwise", "order": order, "verdict": "a", "critique": f"A is right, {number}."}
        for order in ("ab", "ba")
    ]
    responses = {"response_a": f"It is {number}.", "response_b": f"Nobody knows {number}, I think."}
    return {"id": f"p{number}", "prompt": f"Say {number}.", **responses, "judgments": judgments, **more}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    rows = [pair(number, human_label="a" if number % 3 else "b") for number in range(24)]
    rows[5]["prompt"] = f"Is {SECRET} a key?"
    rows.append(pair(99, response_b="It is 99."))
    return imported(tmp_path, rows)


def imported(folder: Path, rows: list[dict[str, Any]]) -> RunFolder:
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return RunFolder(import_judgments(folder / "rows.jsonl", folder=folder / "outputs", preset="minimal").folder)


def packed(run: RunFolder, into: Path, statements: Card | None = None, **more: Any) -> Package:
    into.mkdir(parents=True)
    given = {"repo": "me/data", "version": None, "also": ()} | more
    return pack(run, config_of(run), statements or Card(), into, **given)


def metadata(card: str) -> dict[str, Any]:
    return dict(yaml.safe_load(card.split("---\n")[1]))


def test_the_dataset_the_card_and_its_plots_go_out_and_nothing_else(run: RunFolder, tmp_path: Path) -> None:
    package = packed(run, tmp_path / "out")
    assert [one.path for one in package.files] == [
        "README.md",
        "data/pairs/test-00000-of-00001.parquet",
        "data/pairs/train-00000-of-00001.parquet",
        "plots/agreement.png",
        "plots/bias.png",
        "plots/scenarios.png",
    ]
    assert sum(package.rows.values()) == 24
    assert package.title.startswith("rows: 24 rows, by judgemill ")


def test_packing_twice_makes_the_same_bytes(run: RunFolder, tmp_path: Path) -> None:
    one, two = (packed(run, tmp_path / name).files for name in ("one", "two"))
    assert [file.sha256 for file in one] == [file.sha256 for file in two]


def test_the_card_tells_what_the_files_are_to_the_row_and_to_the_byte(run: RunFolder, tmp_path: Path) -> None:
    package = packed(run, tmp_path / "out", version="v7")
    text = (tmp_path / "out" / "README.md").read_text()
    (info,) = metadata(text)["dataset_info"]
    sizes = {file.path: file.size for file in package.files}
    assert info["download_size"] == sum(size for path, size in sizes.items() if path.startswith("data/"))
    for split in info["splits"]:
        table = pq.read_table(tmp_path / "out" / "data" / "pairs" / f"{split['name']}-00000-of-00001.parquet")
        assert (split["num_examples"], split["num_bytes"]) == (table.num_rows, table.nbytes)
    made_by = metadata(text)["judgemill"]
    manifest = json.loads(run.manifest.read_text())
    assert (made_by["version"], made_by["name"]) == ("v7", "rows")
    for key in ("teacher", "judging", "hashes", "seed", "imported"):
        assert made_by[key] == manifest[key]
    assert "Over 24 judged pairs with a human label" in text
    assert "![plots/bias.png](plots/bias.png)" in text


def test_parts_of_the_run_go_out_only_where_they_are_asked_for(run: RunFolder, tmp_path: Path) -> None:
    paths = [one.path for one in packed(run, tmp_path / "out", also=["judgments", "dropped"]).files]
    assert paths[-2:] == ["run/judgments.parquet", "run/dropped.parquet"]
    with pytest.raises(ConfigError, match=r"calls: is not there, so --also calls has nothing to send"):
        packed(run, tmp_path / "out2", also=["calls"])
    run.calls.mkdir()
    (run.calls / "0.jsonl").write_text("{}\n")
    assert packed(run, tmp_path / "out3", also=["calls"]).files[-1].path == "run/calls/0.jsonl"
    assert [one.value for one in Also] == list(ALSO)


def test_what_the_user_should_state_is_noted(run: RunFolder, tmp_path: Path) -> None:
    silent = packed(run, tmp_path / "silent").notes
    assert [note.split(";")[0].split(":")[0] for note in silent] == [
        "no license is stated",
        "no language is stated",
        "whether output of t may train a judge is not stated",
    ]
    stated = Card(license="mit", language=["en"], teacher_terms="It may.")
    assert packed(run, tmp_path / "said", stated).notes == ()


def test_a_run_that_kept_nothing_has_nothing_to_publish(tmp_path: Path) -> None:
    flipping = pair(1)
    flipping["judgments"][1]["verdict"] = "b"
    with pytest.raises(ConfigError, match="no pair was kept, so there is nothing to publish"):
        packed(imported(tmp_path, [flipping]), tmp_path / "out")


@pytest.mark.parametrize("secret", [SECRET, f"Bearer {SECRET}", SECRET[:12]])
def test_a_secret_in_a_compressed_table_is_found(run: RunFolder, tmp_path: Path, secret: str) -> None:
    files = packed(run, tmp_path / "out").files
    with pytest.raises(ConfigError, match="holds the value of MY_KEY, so nothing was sent") as caught:
        refuse_secrets(files, {"OTHER": "not-in-there", "MY_KEY": secret})
    assert "sk-planted" not in str(caught.value)
    assert str(caught.value).startswith("data/pairs/")


def test_a_secret_in_the_card_is_found(run: RunFolder, tmp_path: Path) -> None:
    files = packed(run, tmp_path / "out", Card(teacher_terms="ask with hf_0123456789")).files
    with pytest.raises(ConfigError, match="holds the value of HF_TOKEN"):
        refuse_secrets([one for one in files if one.path == "README.md"], {"HF_TOKEN": "hf_0123456789"})


def test_a_placeholder_for_a_key_is_no_secret(run: RunFolder, tmp_path: Path) -> None:
    refuse_secrets(packed(run, tmp_path / "out").files, {"OPENAI_API_KEY": "Say", "OTHER": "", "THIRD": "absent-value"})
