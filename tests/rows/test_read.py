import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synth.errors import ConfigError
from synth.rows.read import BadRow, Row, as_json, read
from tests.strategies import texts

BOM = b"\xef\xbb\xbf"


def rows(folder: Path, name: str, data: str | bytes) -> list[Row | BadRow]:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read(name, folder, "train"))


def good(found: list[Row | BadRow]) -> list[dict[str, Any]]:
    assert all(isinstance(one, Row) for one in found), found
    return [dict(one.values) for one in found if isinstance(one, Row)]


def bad(one: Row | BadRow) -> BadRow:
    assert isinstance(one, BadRow)
    return one


def refusal(path: str, base: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        list(read(path, base, "train"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.JSONL"])
def test_json_lines_are_read_in_their_order(tmp_path: Path, name: str) -> None:
    found = rows(tmp_path, name, '{"a": 1}\n{"a": [2], "b": null}\n')
    assert good(found) == [{"a": 1}, {"a": [2], "b": None}]
    assert [one.place for one in found] == [f"{tmp_path}/{name}:1", f"{tmp_path}/{name}:2"]


def test_a_last_line_without_an_end_counts(tmp_path: Path) -> None:
    assert good(rows(tmp_path, "r.jsonl", '{"a": 1}\n{"a": 2}')) == [{"a": 1}, {"a": 2}]


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    found = rows(tmp_path, "r.jsonl", '\n{"a": 1}\n  \n\n{"a": 2}\n\n')
    assert [(one.number, one.place.rpartition(":")[2]) for one in found] == [(1, "2"), (2, "5")]


def test_windows_files_are_read(tmp_path: Path) -> None:
    assert good(rows(tmp_path, "r.jsonl", BOM + b'{"a": 1}\r\n\r\n{"a": 2}\r\n')) == [{"a": 1}, {"a": 2}]
    assert good(rows(tmp_path, "r.json", BOM + b'[{"a": 1},\r\n{"a": 2}]\r\n')) == [{"a": 1}, {"a": 2}]
    assert good(rows(tmp_path, "r.csv", BOM + b"a,b\r\n1,2\r\n")) == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("line", "problem", "raw"),
    [
        pytest.param(b"nope", "not JSON: Expecting value", "nope", id="no JSON"),
        pytest.param(b'{"a": 1', "not JSON: ", '{"a": 1', id="cut off"),
        pytest.param(b'{"a": 1} {"a": 2}', "not JSON: Extra data", '{"a": 1} {"a": 2}', id="two in a line"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "not JSON: ", None, id="endless number"),
        pytest.param(b"[" * 5000, "not JSON: ", None, id="deep nesting"),
        pytest.param(b"[1]", "not a JSON object with columns", "[1]", id="list"),
        pytest.param(b'"text"', "not a JSON object with columns", '"text"', id="text"),
        pytest.param(b"null", "not a JSON object with columns", "null", id="null"),
        pytest.param(b'{"a": "\xff"}', "not UTF-8 text (byte 7 of the line)", '{"a": "\ufffd"}', id="not UTF-8"),
        pytest.param(BOM + b'{"a": 1}', "not JSON: ", None, id="byte order mark in the middle"),
    ],
)
def test_a_line_that_is_no_row_is_kept_with_its_line_and_the_others_are_read(
    tmp_path: Path, line: bytes, problem: str, raw: str | None
) -> None:
    first, broken, last = rows(tmp_path, "r.jsonl", b'{"a": 1}\n' + line + b'\r\n{"a": 2}\n')
    assert good([first, last]) == [{"a": 1}, {"a": 2}]
    assert bad(broken).place == f"{tmp_path}/r.jsonl:2"
    assert bad(broken).problem.startswith(problem)
    assert bad(broken).raw == (line.decode() if raw is None else raw)


def test_a_json_file_is_one_list_of_rows(tmp_path: Path) -> None:
    first, broken, last = rows(tmp_path, "r.json", '[{"a": 1}, "two", {"a": 3}]')
    assert good([first, last]) == [{"a": 1}, {"a": 3}]
    assert (bad(broken).number, bad(broken).place) == (2, f"{tmp_path}/r.json row 2")
    assert bad(broken).raw == '"two"'


def test_csv_cells_stay_the_text_they_are(tmp_path: Path) -> None:
    found = rows(tmp_path, "r.csv", 'id,a,b,c\n007,1.50,None,\n1e3,true,NA,"x, ""y""\nz"\n')
    assert good(found) == [
        {"id": "007", "a": "1.50", "b": "None", "c": ""},
        {"id": "1e3", "a": "true", "b": "NA", "c": 'x, "y"\nz'},
    ]


def test_csv_rows_are_placed_by_the_line_they_begin_on(tmp_path: Path) -> None:
    found = rows(tmp_path, "r.csv", '\na,b\n1,"x\ny"\n\n2,z\n')
    assert [(one.number, one.place.rpartition(":")[2]) for one in found] == [(1, "3"), (2, "6")]


@pytest.mark.parametrize("cells", ["1", "1,2,3"])
def test_a_csv_row_with_cells_missing_or_left_over_is_no_row(tmp_path: Path, cells: str) -> None:
    first, broken, last = rows(tmp_path, "r.csv", f"a,b\n1,2\n{cells}\n3,4\n")
    assert good([first, last]) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert bad(broken).place == f"{tmp_path}/r.csv:3"
    assert f"{len(cells.split(','))} cells under 2 columns" in bad(broken).problem
    assert json.loads(bad(broken).raw) == cells.split(",")


def test_a_csv_cell_may_be_long(tmp_path: Path) -> None:
    assert good(rows(tmp_path, "r.csv", "a,b\n" + "x" * 200_000 + ",y\n"))[0]["a"] == "x" * 200_000


def test_parquet_rows_keep_their_types(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    values = [{"prompt": turns, "id": 1, "x": math.inf, "y": None}, {"prompt": turns[:1], "id": 2, "x": 0.5, "y": "t"}]
    pq.write_table(pa.Table.from_pylist(values), tmp_path / "r.parquet")
    assert good(list(read("r.parquet", tmp_path, "train"))) == values


@pytest.mark.parametrize("name", ["r.jsonl", "r.json", "r.csv", "r.parquet"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refusal(name, tmp_path) == f"{tmp_path}/{name}: the file is empty"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("r.json", b'{"a": 1}', "{file}: holds no list; a .json file is one list of rows, .jsonl one row a line"),
        ("r.json", b'[{"a": 1},\n{"a": }]', "{file}:2: not JSON: "),
        ("r.json", b'{"a": 1}\n{"a": 2}\n', "{file}:2: not JSON: Extra data"),
        ("r.json", b'["\xff"]', "{file}: not UTF-8 text (byte 2); save it as UTF-8"),
        ("r.json", b"[" * 5000, "{file}:1: not JSON: "),
        ("r.csv", b"a,b\n1,\xff\n", "{file}: not UTF-8 text; save it as UTF-8"),
        ("r.csv", b'a,b\n1,"2\n', "{file}:2: not CSV: "),
        ("r.csv", b"a,b,a\n1,2,3\n", "{file}:1: column 'a' stands twice"),
        ("r.parquet", b"no parquet", "{file}: cannot be read as parquet: "),
        ("r.txt", b"a", "{file}: cannot read .txt; .jsonl, .json, .csv, .parquet"),
        ("r", b"a", "{file}: cannot read a file without ending; .jsonl, .json, .csv, .parquet"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert refusal(name, tmp_path).startswith(said.format(file=tmp_path / name))


@pytest.mark.parametrize("name", ["none.jsonl", "folder/none.jsonl", "./none", "a/b/none", "none"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(name, tmp_path).startswith(f"{tmp_path / name}: no such file; data.path names a file")


OFFLINE = """
import sys
from pathlib import Path
from synth.errors import ConfigError
from synth.rows.read import read
try:
    list(read("me/pairs", Path(sys.argv[1]), "train"))
except ConfigError as error:
    print(error)
"""


def test_what_is_no_file_but_could_be_on_the_hub_is_looked_for_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(tmp_path)],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("me/pairs: no such file, and not to be had from the Hub: ")
    assert done.stdout.count("\n") == 1


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").mkdir()
    assert refusal("rows.jsonl", tmp_path) == (
        f"{tmp_path}/rows.jsonl: is a folder; data.path names a .jsonl, .json, .csv or .parquet file"
    )


def test_a_path_is_relative_to_the_config_or_absolute(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"a": 1}\n')
    (tmp_path / "configs").mkdir()
    for path in ("../r.jsonl", str(tmp_path / "r.jsonl")):
        assert good(list(read(path, tmp_path / "configs", "train"))) == [{"a": 1}]


@given(
    st.binary(max_size=60) | st.lists(st.sampled_from([b'{"a":1}', b"\n", b"\xff", b"[", b"\r\n", b'"'])).map(b"".join)
)
def test_every_line_that_is_not_blank_is_a_row_or_a_bad_row(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    if data:
        found = rows(folder, "any.jsonl", data)
        assert len(found) == sum(bool(line.strip()) for line in data.split(b"\n"))
        assert [one.number for one in found] == list(range(1, len(found) + 1))
        for one in found:
            if isinstance(one, BadRow):
                one.raw.encode()


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=4))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.getbasetemp() / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *cells])
    assert good(list(read("any.csv", path.parent, "train"))) == [{"a": a, "b": b} for a, b in cells]


@given(
    st.recursive(
        st.none() | st.floats() | st.text(st.characters()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
        max_leaves=5,
    )
)
@example({"half": ["\ud800"], "\udfff": None})
def test_any_row_can_be_shown_in_a_file(value: Any) -> None:
    as_json(value).encode()


@pytest.mark.parametrize("name", ["any.csv", "any.json", "any.parquet"])
@given(st.binary(max_size=60) | st.sampled_from([b"PAR1" * 4, b"[" * 5000, b'[{"a": NaN}]', b'"a', b"a,a\n1,2", b"\0"]))
@settings(max_examples=40)
def test_every_file_is_rows_or_one_line_of_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / name).write_bytes(data)
    found, said = [], f"{folder / name}: a line"
    try:
        found = list(read(name, folder, "train"))
    except ConfigError as error:
        said = str(error)
    assert said.startswith(f"{folder / name}")
    assert len(said.splitlines()) == 1
    assert [one.number for one in found] == list(range(1, len(found) + 1))
