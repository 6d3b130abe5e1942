"""The earlier version that a config names with `previous`: a run folder, or only the dataset that was made of one."""

import json
import re
from dataclasses import dataclass

from synth.errors import ConfigError
from synth.paths import expanded
from synth.run.folder import RunFolder

_HUB = re.compile(r"([\w.-]+/[\w.-]+)@(\S+)")


@dataclass(frozen=True, slots=True)
class Previous:
    """`name` is what the config says. A `run` has its journal, in which every reply is found again; of a published
    dataset there are only the rows that were kept. `source` and `revision` are what `load_dataset` takes."""

    name: str
    run: RunFolder | None = None
    source: str = ""
    revision: str | None = None


def find(name: str) -> Previous:
    """Paths are relative to the current folder, as those of runs are. Fetches nothing.

    Raises ConfigError for what is not there, or is not finished.
    """
    path = expanded(name)
    if not path.exists() and (hub := _HUB.fullmatch(name)):
        return Previous(name, source=hub[1], revision=hub[2])
    if not path.is_dir():
        found = "is a file" if path.exists() else "no such folder"
        raise ConfigError(f"{name}: {found}; name the folder of a finished run, or a dataset as org/name@revision")
    if not (path / "config.yaml").exists() and (path / "README.md").exists():
        return Previous(name, source=str(path))
    return Previous(name, run=_finished(name, RunFolder(path)))


def to_go_on_from(name: str, own: RunFolder) -> Previous:
    """What the config of the run in the folder `own` names. Raises ConfigError also for what no run can go on from."""
    try:
        found = find(name)
    except ConfigError as error:
        raise ConfigError(f"previous: {error}") from error
    if found.run is None:
        return found
    if found.run.path.resolve() == own.path.resolve():
        raise ConfigError(f"previous: {name}: is the folder of this very run; choose another `name:` for the new one")
    if "imported" in json.loads(found.run.manifest.read_text(encoding="utf-8")):
        raise ConfigError(
            f"previous: {name}: was imported, so that nobody knows what its teacher was asked and nothing of it can be "
            "taken over; leave `previous` out, and `judgemill diff` compares the two"
        )
    return found


def _finished(name: str, folder: RunFolder) -> RunFolder:
    for file in (folder.config, folder.pairs, folder.judgments, folder.kept, folder.dropped, folder.manifest):
        if not file.exists():
            raise ConfigError(
                f"{name}: holds no finished run, as there is no {file.name}; finish it with `judgemill run`, "
                "or name another"
            )
    return folder
