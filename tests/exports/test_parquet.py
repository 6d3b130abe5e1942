import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import JudgedPair
from synth.errors import ConfigError
from synth.exports import FORMATS, Setting
from synth.exports.parquet import publishable
from synth.exports.write import write
from synth.scenario import load
from tests.strategies import judged_pairs

ROW = {"id": "1", "verdict": "a", "score_a": 9, "prompt": [{"role": "user", "content": "q"}]}


SETTING = Setting(load())


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "dataset" / "pairs" / "train.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder / "dataset"


def read(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.rglob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@given(st.lists(judged_pairs(with_failures=False), max_size=4))
def test_every_row_comes_back_as_it_was_with_null_where_it_had_no_column(
    tmp_path_factory: pytest.TempPathFactory, kept: list[JudgedPair]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    counts = write(folder / "dataset", FORMATS, kept, {"train": 1.0}, SETTING).rows
    for one in FORMATS:
        into = folder / one.name
        publishable(folder / "dataset", one.name, counts[one.name], into)
        lines = folder / "dataset" / one.name / "train.jsonl"
        made = lines.read_text(encoding="utf-8").split("\n")[:-1] if counts[one.name] else []
        assert read(into) == list(map(json.loads, made))


def test_a_large_split_is_several_files_in_order(tmp_path: Path) -> None:
    dataset = written(tmp_path, *(ROW | {"id": str(number)} for number in range(10)))
    size = (dataset / "pairs" / "train.jsonl").stat().st_size
    subset = publishable(dataset, "pairs", {"train": 10}, tmp_path / "out", shard_bytes=size // 3 + 1)
    names = [path.name for path in sorted((tmp_path / "out" / "data" / "pairs").iterdir())]
    assert names == [f"train-{shard:05}-of-00003.parquet" for shard in range(3)]
    assert [row["id"] for row in read(tmp_path / "out")] == [str(number) for number in range(10)]
    files = [path.stat().st_size for path in (tmp_path / "out" / "data" / "pairs").iterdir()]
    assert subset.download_size == sum(files)
    (split,) = subset.splits
    assert (split.rows, split.path) == (10, "data/pairs/train-*.parquet")


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    dataset = written(tmp_path, ROW)
    for name in ("one", "two"):
        publishable(dataset, "pairs", {"train": 1}, tmp_path / name)
    one, two = ((tmp_path / name / "data/pairs/train-00000-of-00001.parquet").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW], "holds 1 rows, the manifest says 2"),
        ([ROW] * 3, "holds 3 rows, the manifest says 2"),
        ([ROW, ROW | {"mood": "good"}], "line 2 has 'mood', which the format has not"),
        ([ROW, ROW | {"score_a": "nine"}], "line 2 is not of the format's types"),
    ],
)
def test_files_that_the_run_has_not_written_are_refused(tmp_path: Path, rows: list[dict[str, Any]], said: str) -> None:
    dataset = written(tmp_path, *rows)
    with pytest.raises(ConfigError, match="judgemill filter") as caught:
        publishable(dataset, "pairs", {"train": 2}, tmp_path / "out")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"train\.jsonl: it is missing"):
        publishable(tmp_path, "pairs", {"train": 1}, tmp_path / "out")
