"""Input rows from a file or the Hub, before anything is asked of them but to be readable."""

import csv
import json
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.errors import ConfigError
from synth.paths import expanded


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by the data's own column names. `place` is where it stands: `pairs.jsonl:12`, `me/pairs row 12`."""

    number: int
    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: where, why, and what stood there."""

    number: int
    place: str
    problem: str
    raw: str


def read(path: str, base: Path, split: str) -> Iterator[Row | BadRow]:
    """Rows of a .jsonl, .json, .csv or .parquet file (relative to `base`), or of a Hub dataset `org/name`.

    Raises ConfigError for what is missing, empty as a whole, or of another kind.
    """
    file = expanded(path, base)
    if file.is_dir():
        raise ConfigError(f"{file}: is a folder; data.path names a .jsonl, .json, .csv or .parquet file")
    if not file.exists():
        if _is_hub_id(path):
            return _hub(path, split)
        raise ConfigError(f"{file}: no such file; data.path names a file, or a Hub dataset as org/name")
    if file.stat().st_size == 0:
        raise ConfigError(f"{file}: the file is empty")
    match file.suffix.lower():
        case ".jsonl" | ".ndjson":
            return _jsonl(file)
        case ".json":
            return _json(file)
        case ".csv":
            return _csv(file)
        case ".parquet":
            return _parquet(file)
        case suffix:
            raise ConfigError(f"{file}: cannot read {suffix or 'a file without ending'}; .jsonl, .json, .csv, .parquet")


def first_row(path: str, base: Path, split: str) -> Row | None:
    """The first that can be read, None where there is none. Raises ConfigError as `read` does."""
    return next((one for one in read(path, base, split) if isinstance(one, Row)), None)


def _jsonl(file: Path) -> Iterator[Row | BadRow]:
    """Line by line and not through `datasets`, which names no line and refuses prompts of both shapes in one file."""
    number = 0
    with file.open("rb") as lines:
        for line_number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            number += 1
            place = f"{file}:{line_number}"
            raw = line.decode("utf-8", "replace").rstrip("\r\n")
            try:
                values = json.loads(line.decode("utf-8-sig" if line_number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                yield BadRow(number, place, f"not UTF-8 text (byte {error.start} of the line)", raw)
            except (ValueError, RecursionError) as error:
                yield BadRow(number, place, f"not JSON: {_reason(error)}", raw)
            else:
                yield _object(number, place, values, raw)


def _json(file: Path) -> Iterator[Row | BadRow]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ConfigError(f"{file}:{line}: not JSON: {_reason(error)}; one object a line goes into .jsonl") from error
    if not isinstance(rows, list):
        raise ConfigError(f"{file}: holds no list; a .json file is one list of rows, .jsonl one row a line")
    for number, values in enumerate(rows, start=1):
        yield _object(number, f"{file} row {number}", values, as_json(values))


def _csv(file: Path) -> Iterator[Row | BadRow]:
    """Cells as the text they are, and not through `datasets`, which makes 7 of "007" and nothing of "None"."""
    csv.field_size_limit(2**31 - 1)  # a response may be longer than the 131,072 characters that are allowed as it is
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, strict=True)
        try:
            header = next(filter(None, lines), [])
            for name in header:
                if header.count(name) > 1:
                    raise ConfigError(f"{file}:{lines.line_num}: column '{name}' stands twice; rename or drop one")
            line, number = lines.line_num + 1, 0
            for cells in lines:
                if cells:
                    number += 1
                    yield _cells(number, f"{file}:{line}", header, cells)
                line = lines.line_num + 1
        except UnicodeDecodeError as error:
            raise ConfigError(f"{file}: not UTF-8 text; save it as UTF-8") from error
        except csv.Error as error:
            raise ConfigError(f"{file}:{lines.line_num}: not CSV: {error}") from error


def _cells(number: int, place: str, header: list[str], cells: list[str]) -> Row | BadRow:
    if len(cells) == len(header):
        return Row(number, place, dict(zip(header, cells, strict=True)))
    problem = f"{len(cells)} cells under {len(header)} columns; quote text that holds commas or line breaks"
    return BadRow(number, place, problem, as_json(cells))


def _parquet(file: Path) -> Iterator[Row | BadRow]:
    import datasets

    datasets.disable_progress_bars()
    try:
        loaded = datasets.load_dataset("parquet", data_files=str(file), split="train", streaming=True)
        for number, values in enumerate(loaded, start=1):
            yield Row(number, f"{file} row {number}", values)
    except Exception as error:  # datasets wraps arrow's own errors in several of its own
        raise ConfigError(f"{file}: cannot be read as parquet: {_reason(error.__cause__ or error)}") from error


def _hub(name: str, split: str) -> Iterator[Row | BadRow]:
    import datasets

    try:
        loaded = datasets.load_dataset(name, split=split, streaming=True)
        for number, values in enumerate(loaded, start=1):
            yield Row(number, f"{name} row {number}", values)
    except Exception as error:  # the Hub's client has a tree of errors; the user needs their words, not their types
        raise ConfigError(f"{name}: no such file, and not to be had from the Hub: {_reason(error)}") from error


def _object(number: int, place: str, values: Any, raw: str) -> Row | BadRow:
    if isinstance(values, dict):
        return Row(number, place, values)
    return BadRow(number, place, "not a JSON object with columns", raw)


def as_json(values: Any) -> str:
    """What stood in a row, for people. Half a surrogate pair stays escaped: no file could hold it."""
    try:
        text = json.dumps(values, ensure_ascii=False, default=str)
    except RecursionError:  # what can just be read may be too deep to be written
        text = reprlib.repr(values)
    return text.encode("utf-8", "backslashreplace").decode()


def _is_hub_id(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 2 and all(parts) and not Path(path).suffix and not path.startswith((".", "~"))


def _reason(error: BaseException) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}"
    return (str(error).splitlines() or [type(error).__name__])[0]
