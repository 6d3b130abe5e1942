"""A page in a real headless browser: Debian's chromium, spoken to over its DevTools pipe."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "--hide-scrollbars",
)
_PIPES = 'exec 3<&"$1" 4>&"$2" "${@:3}"'
_KEYS = {"ArrowDown": 40, "ArrowUp": 38, "Home": 36, "End": 35, "/": 191}


class Page:
    """One tab. Commands go out on one pipe and answers come back on another, each ended by a NUL."""

    def __init__(self, out: int, back: int) -> None:
        self._out, self._back = out, back
        self._number, self._rest = 0, b""
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            got = os.read(self._back, 1 << 20)
            assert got, "the browser is gone"
            self._rest += got
        one, self._rest = self._rest.split(b"\0", 1)
        return dict(json.loads(one))

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, path: Path, fragment: str = "") -> None:
        """Until the examples are listed."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=f"{path.as_uri()}{fragment}")
        self.until("document.readyState === 'complete' && /rows/.test(document.getElementById('status').textContent)")

    def run(self, script: str) -> Any:
        """The value of an expression; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, condition: str) -> None:
        waits = "new Promise(done => {{ const look = () => ({0}) ? done(true) : setTimeout(look, 10); look(); }})"
        self.run(waits.format(condition))

    def press(self, key: str) -> None:
        common = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        self.send("Input.dispatchKeyEvent", type="keyDown", **common)
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        self.send("Input.insertText", text=text)

    def shot(self, path: Path, *, whole: bool = False) -> None:
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def asked_for(self) -> list[str]:
        """Addresses of all requests so far."""
        sent = [one for one in self.events if one.get("method") == "Network.requestWillBeSent"]
        return [str(one["params"]["request"]["url"]) for one in sent]

    def complaints(self) -> list[str]:
        """Exceptions and what the browser refused."""
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded")
        return [json.dumps(one["params"])[:500] for one in self.events if one.get("method") in kinds]


@contextmanager
def browser() -> Iterator[Page]:
    """A browser of its own, which ends with the block."""
    assert CHROMIUM
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        read_commands, out = os.pipe()
        back, write_answers = os.pipe()
        process = subprocess.Popen(
            [
                "bash",
                "-c",
                _PIPES,
                "pipes",
                str(read_commands),
                str(write_answers),
                CHROMIUM,
                *_OPTIONS,
                f"--user-data-dir={folder}",
            ],
            pass_fds=(read_commands, write_answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_commands)
        os.close(write_answers)
        try:
            yield Page(out, back)
        finally:
            process.kill()
            process.wait()
            os.close(out)
            os.close(back)
