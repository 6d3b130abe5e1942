"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filters
from synth import exports
from synth.config.load import load as load_config
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.scenario import Catalogue
from synth.scenario import load as load_scenarios
from synth.teacher.local import weights


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder."""

    config: Config
    base: Path
    scenario_folders: tuple[Path, ...]
    catalogue: Catalogue
    filters: filters.Filters
    formats: tuple[exports.Format, ...]
    folder: RunFolder

    @property
    def local(self) -> bool:
        """Whether the teacher is a model that we start ourselves."""
        return weights.is_local(self.config.teacher.model)


def prepare(
    config_path: Path, overrides: dict[str, dict[str, Any]], name: str | None = None, *, fresh: bool = False
) -> Prepared:
    """Raises ConfigError; makes no call and writes nothing."""
    config = load_config(config_path, overrides, name)
    if config.imported is not None:
        raise ConfigError(
            f"{config_path}: is the record of an import, which has nobody to ask; `judgemill filter` filters it again"
        )
    base = config_path.parent
    scenario_folders = tuple(base / Path(folder).expanduser() for folder in config.scenarios.folders)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=load_scenarios(scenario_folders),
        filters=filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(Path(config.outputs.folder) / config.name),
    )
    prepared.catalogue.get(config.scenarios.default)
    if not prepared.local:
        _check_key(config.teacher.api_key_env)
    if not fresh:
        prepared.folder.check_config(config)
    return prepared


def _check_key(variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"teacher.api_key_env: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
