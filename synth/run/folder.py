"""The run folder: where everything of a run is, and whose it is."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filelock

from synth import yaml_file
from synth.config.model import Config
from synth.errors import ConfigError

# What may change between two runs in one folder, as it does not change what an ask is.
_FREE = {
    "data": ("limit", "bad_rows"),
    "teacher": (
        "base_url",
        "api_key_env",
        "slots",
        "timeout",
        "retries",
        "reply_mode",
        "context",
        "mode",
        "prices",
        "headers",
        "max_failing",
        "requests_per_minute",
        "tokens_per_minute",
    ),
    "outputs": ("folder", "formats", "splits", "held_out", "augment"),
    "audit": ("require_agreement", "measure"),
}
_FREE_WHOLE = ("filters", "budget_usd")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths of one run. Readable without us: YAML, JSON, parquet, JSON lines.

    `part` is a folder in it, for judgments beside the run's own: they share its journal.
    """

    path: Path
    part: str = ""

    @property
    def config(self) -> Path:
        return self.path / "config.yaml"

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.json"

    @property
    def calls(self) -> Path:
        return self.path / "calls"

    @property
    def pairs(self) -> Path:
        return self.path / self.part / "pairs.parquet"

    @property
    def scenarios(self) -> Path:
        """How each pair came by its scenario."""
        return self.path / "scenarios.parquet"

    @property
    def judgments(self) -> Path:
        return self.path / self.part / "judgments.parquet"

    @property
    def kept(self) -> Path:
        return self.path / "kept.parquet"

    @property
    def dropped(self) -> Path:
        return self.path / "dropped.parquet"

    @property
    def dataset(self) -> Path:
        return self.path / "dataset"

    @property
    def card(self) -> Path:
        return self.path / "README.md"

    def audit(self) -> "RunFolder":
        """Where labelled pairs are judged before the others."""
        return RunFolder(self.path, "audit")

    @property
    def audit_report(self) -> Path:
        return self.path / "audit.json"

    @property
    def plots(self) -> Path:
        return self.path / "plots"

    @property
    def work(self) -> Path:
        """What a finished run leaves nothing of."""
        return self.path / ".work" / self.part

    @property
    def engine_log(self) -> Path:
        return self.path / "engine.log"

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Raises ConfigError while another process runs in this folder, or where no folder can be made."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{self.path}: no folder can be made here: {error.strerror}") from error
        lock = filelock.FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise ConfigError(f"{self.path}: another judgemill is running in this folder; wait for it") from error
        try:
            yield
        finally:
            lock.release()

    def check_config(self, config: Config) -> None:
        """Raises ConfigError where the folder holds a run of another config, or something else."""
        if self.path.is_file():
            raise ConfigError(f"{self.path}: is a file; choose another `name:` or `outputs: {{folder: ...}}`")
        if not self.path.exists() or not any(self.path.iterdir()):
            return
        if not self.config.exists():
            if {item.name for item in self.path.iterdir()} <= {".lock"}:
                return
            raise ConfigError(
                f"{self.path}: holds files but no run; choose another `name:` or `outputs: {{folder: ...}}`"
            )
        before = yaml_file.read(self.config)
        difference = _difference(before if isinstance(before, dict) else {}, config.model_dump(mode="json"))
        if difference:
            raise ConfigError(
                f"{self.path}: holds a run of another config ({difference}); choose another `name:`, "
                "or --fresh to put the old run aside and pay again"
            )

    def put_aside(self) -> Path:
        """Rename the folder, so that a fresh run can take its place. Nothing of it is lost."""
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.old-{number}")).exists():
            number += 1
        self.path.rename(aside)
        return aside


def write_text(path: Path, text: str) -> None:
    """Whole or not at all: a kill leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def write_json(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    for section, value in now.items():
        old = before.get(section)
        if section == "filters":
            continue
        if not isinstance(value, dict):
            if old != value and section not in _FREE_WHOLE:
                return f"{section} was {old!r}, is {value!r}"
            continue
        for key, inner in value.items():
            old_inner = old.get(key) if isinstance(old, dict) else None
            if old_inner != inner and key not in _FREE.get(section, ()):
                return f"{section}.{key} was {old_inner!r}, is {inner!r}"
    return ""
