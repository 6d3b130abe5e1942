"""Holds a finished run still, packs it, and has ready what brings it to the Hub."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree

from synth.config.load import load as load_config
from synth.config.model import Card, Config
from synth.errors import ConfigError
from synth.hub.client import Client
from synth.hub.publish import MAIN, Publisher, Target
from synth.run.finished import config_of
from synth.run.folder import RunFolder
from synth.run.publishing.pack import Package, pack
from synth.run.publishing.secrets import refuse_secrets, secrets


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is read, written and searched; nothing was sent."""

    folder: RunFolder
    package: Package
    publisher: Publisher


@contextmanager
def ready(
    run: Path,
    repo: str,
    target: Target,
    *,
    config_path: Path | None = None,
    also: Sequence[str] = (),
    quiet: bool = False,
) -> Iterator[Ready]:
    """`target.tag` wins over the version that the card states, the `card:` of `config_path` over the run's.

    Raises ConfigError for what cannot be published, a token that is missing, and a secret in what would go out.
    """
    if target.pull_request and (target.revision != MAIN or target.tag):
        raise ConfigError(
            "--pr proposes a change of main, which is tagged once it is merged: leave out --revision and --tag"
        )
    folder = RunFolder(run)
    config = config_of(folder)
    statements = _statements(config, config_path)
    version = target.tag or statements.version
    client = Client(repo, quiet=quiet)
    into = folder.work / "publish"
    with folder.claimed():
        rmtree(folder.work, ignore_errors=True)
        into.mkdir(parents=True)
        try:
            package = pack(folder, config, statements, into, repo=repo, version=version, also=also)
            refuse_secrets(package.files, {**secrets(config.teacher), "the Hub's token": client.token})
            tag = None if target.pull_request else version
            publisher = Publisher(client, replace(target, tag=tag), package.files, _silent if quiet else _say)
            yield Ready(folder, package, publisher)
        finally:
            rmtree(folder.work, ignore_errors=True)


def _statements(config: Config, config_path: Path | None) -> Card:
    if config_path is None:
        return config.card
    given = {"data": {"path": config.data.named}, "teacher": {"model": config.teacher.model}}
    return load_config(config_path, given, config.name).card


def _say(line: str) -> None:
    print(f"judgemill: {line}", file=sys.stderr)


def _silent(_: str) -> None:
    pass
