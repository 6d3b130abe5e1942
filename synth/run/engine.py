"""The engine: distilabel in a process of its own, started early, given jobs, and ended for sure.

Imports nothing heavy: the process it starts is busy importing while this one reads the config and the rows.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from synth.errors import ConfigError, JudgemillError, RunError

if TYPE_CHECKING:
    from synth.run.on_ray import Ray

_UNFIT = 64  # how the host ends where what it is to connect to will not do, before any call


class Engine:
    """`python -m synth.engine.host`, from `with` to the end of the block. Whatever is left of it then is killed.

    `ray` is the cluster that it was connected to.
    """

    def __init__(self) -> None:
        self.ray: Ray | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block; a job names one of its own
        self._job_log: Path | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "synth.engine.host", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,
        )

    def begin(self, job: dict[str, Any], path: Path) -> None:
        """Write the job to `path` and hand it over. `job["log"]` is where the engine logs to."""
        path.write_text(json.dumps(job))
        self._job_log = Path(job["log"])
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{path}\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._ended() from error

    def is_done(self, seconds: float) -> bool:
        """Wait that long for the end of the job. Raises RunError where the engine has ended instead, ConfigError where
        it did so before any call could be made."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        if not ready:
            return False
        if self._process.stdout.readline():
            return True
        raise self._ended()

    def _ended(self) -> JudgemillError:
        code = self._process.wait()
        self._log.seek(0)
        where, said = self._job_log, self._log.read()
        if where is not None and where.exists():
            said += where.read_bytes()
        lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
        if code == _UNFIT and lines:
            return ConfigError(lines[-1])
        return RunError(
            f"the engine ended with code {code}: {lines[-1] if lines else 'it said nothing'} (log: {where})"
        )

    def kill(self) -> None:
        """The whole process group, at once."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
