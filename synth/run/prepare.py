"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config, Scenarios
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.scenario import Catalogue, Scenario
from synth.scenario import load as load_scenarios
from synth.scenario.offer import named, offered, refuse_draft
from synth.teacher.local import weights


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder.

    `offered` are the scenarios that the teacher chooses from for rows without one; none where the config has a default.
    """

    config: Config
    base: Path
    scenario_folders: tuple[Path, ...]
    catalogue: Catalogue
    offered: tuple[Scenario, ...]
    filters: tuple[filters.Filter, ...]
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
    base = config_path.parent
    scenario_folders = tuple(base / Path(folder).expanduser() for folder in config.scenarios.folders)
    catalogue = load_scenarios(scenario_folders)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        offered=_offered(config_path, config.scenarios, catalogue, scenario_folders),
        filters=filters.chosen(config.filters),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(Path(config.outputs.folder) / config.name),
    )
    if not prepared.local:
        _check_key(config.teacher.api_key_env)
    if not fresh:
        prepared.folder.check_config(config)
    return prepared


def _offered(path: Path, chosen: Scenarios, catalogue: Catalogue, folders: tuple[Path, ...]) -> tuple[Scenario, ...]:
    keys: tuple[str | int, ...] = ("scenarios", "default")
    try:
        if chosen.default is not None:
            refuse_draft(catalogue, chosen.default)
            return ()
        for index, one in enumerate(chosen.among):
            keys = ("scenarios", "among", index)
            named(one, catalogue, folders)
        keys = ("scenarios", "among")
        return offered(catalogue, folders, chosen.among)
    except ConfigError as error:
        place = f"{path}:{yaml_file.line_of(path, keys)}"
        raise ConfigError(f"{place}: {'.'.join(map(str, keys))}: {error}") from error


def _check_key(variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"teacher.api_key_env: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
