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
from synth.config.model import Card, Config
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
    "outputs": ("folder", "formats", "splits", "student", "held_out", "augment"),
    "audit": ("require_agreement", "measure"),
    "card": tuple(Card.model_fields),
}
_FREE_WHOLE = ("prompts", "filters", "budget_usd", "responses", "pairs", "flaws", "references", "rescue")
# What may be added to a run that was begun without it, and then stays: what it brought is in the folder.
_FREE_TO_ADD = ("previous",)
# What previews leave, however they ended: calls, which are found by what they ask and so are of use to any config. A
# run that was killed before its first call leaves its pairs beside a lock.
_BEFORE_A_RUN = {".lock", ".work", "calls", "engine.log", "teacher.log"}


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
    def responses(self) -> Path:
        """The responses that pairs were made of, and those that were not used."""
        return self.path / self.part / "responses.parquet"

    @property
    def planted(self) -> Path:
        """The copies with a flaw that were asked for, and why some make no pair."""
        return self.path / self.part / "planted.parquet"

    @property
    def ranking(self) -> Path:
        """The responses of each prompt in the order of the verdicts."""
        return self.path / "ranking.parquet"

    @property
    def scenarios(self) -> Path:
        """How each pair came by its scenario."""
        return self.path / self.part / "scenarios.parquet"

    @property
    def references(self) -> Path:
        """What was answered where references were asked for, and which of the answers are some."""
        return self.path / self.part / "references.parquet"

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

    @property
    def report(self) -> Path:
        return self.path / "report.html"

    @property
    def generated(self) -> Path:
        """The prompts that were written for the run, and those that were refused."""
        return self.path / self.part / "prompts.parquet"

    def selecting(self) -> "RunFolder":
        """Where prompts have their scenario chosen before some of them are left out."""
        return RunFolder(self.path, str(Path(self.part, ".selecting")))

    def grading(self) -> "RunFolder":
        """Where responses are graded alone, before pairs are made of them."""
        return RunFolder(self.path, str(Path(self.part, ".grading")))

    def prompting(self) -> "RunFolder":
        """Where prompts get their scenarios, before responses are written by them."""
        return RunFolder(self.path, str(Path(self.part, ".prompting")))

    def planting(self) -> "RunFolder":
        """Where pairs with planted flaws are judged, to audit the teacher by them."""
        return RunFolder(self.path, "audit/planted")

    def audit(self) -> "RunFolder":
        """Where labelled pairs are judged before the others."""
        return RunFolder(self.path, "audit")

    def rescue(self) -> "RunFolder":
        """Where pairs are judged a second time, until their judgments are among the run's own."""
        return RunFolder(self.path, "rescue")

    def preview(self) -> "RunFolder":
        """Where a few pairs are judged to be looked at. Nothing of it stays."""
        return RunFolder(self.path, ".work/preview")

    @property
    def audit_report(self) -> Path:
        return self.path / "audit.json"

    @property
    def planted_report(self) -> Path:
        return self.path / "planted.json"

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
        except OSError as error:
            raise ConfigError(f"{self.path}: nothing can be written here: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()

    def check_finished(self) -> None:
        """Raises ConfigError where the folder holds no finished run."""
        if not self.path.is_dir():
            why = "it is no folder" if self.path.exists() else "there is no such folder"
            raise ConfigError(f"{self.path}: holds no finished run, as {why}; name a run folder, as outputs/quickstart")
        for file in (self.config, self.manifest, self.pairs, self.judgments, self.kept, self.dropped):
            if not file.exists():
                raise ConfigError(f"{self.path}: holds no finished run, as there is no {file.name}; name a run folder")

    def check_config(self, config: Config) -> None:
        """Raises ConfigError where the folder holds a run of another config, or something else."""
        if self.path.is_file():
            raise ConfigError(f"{self.path}: is a file; choose another `name:` or `outputs: {{folder: ...}}`")
        if not self.path.exists() or not any(self.path.iterdir()):
            return
        if not self.config.exists():
            held = {item.name for item in self.path.iterdir()}
            if held <= _BEFORE_A_RUN or (".lock" in held and held <= _BEFORE_A_RUN | {self.pairs.name}):
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


def write_json(path: Path, value: Any, *, sort_keys: bool = True) -> None:
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n")


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    for section, value in now.items():
        old = before.get(section)
        if section in _FREE_WHOLE:
            continue
        if not isinstance(value, dict):
            added = old is None and section in _FREE_TO_ADD
            if old != value and not added:
                return f"{section} was {old!r}, is {value!r}"
            continue
        for key, inner in value.items():
            old_inner = old.get(key) if isinstance(old, dict) else None
            if old_inner != inner and key not in _FREE.get(section, ()):
                return f"{section}.{key} was {old_inner!r}, is {inner!r}"
    return ""
