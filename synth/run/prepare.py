"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filters
from synth import exports
from synth.config.load import load as load_config
from synth.config.model import Config, Teacher
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.scenario import Catalogue
from synth.scenario import load as load_scenarios
from synth.teacher.local import weights
from synth.teacher.prices import Price, price


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder."""

    config: Config
    base: Path
    scenario_folders: tuple[Path, ...]
    catalogue: Catalogue
    filters: tuple[filters.Filter, ...]
    formats: tuple[exports.Format, ...]
    folder: RunFolder
    price: Price | None

    @property
    def local(self) -> bool:
        """Whether the teacher is a model that we start ourselves."""
        return weights.is_local(self.config.teacher.model)

    @property
    def own_prices(self) -> dict[str, float | None]:
        """Prices that win over the known ones, by the names that `synth.teacher.prices.price` takes."""
        return own_prices(self.config.teacher)


def prepare(
    config_path: Path, overrides: dict[str, dict[str, Any]], name: str | None = None, *, fresh: bool = False
) -> Prepared:
    """Raises ConfigError; makes no call and writes nothing."""
    config = load_config(config_path, overrides, name)
    base = config_path.parent
    scenario_folders = tuple(base / Path(folder).expanduser() for folder in config.scenarios.folders)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=load_scenarios(scenario_folders),
        filters=filters.chosen(config.filters),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(Path(config.outputs.folder) / config.name),
        price=price(config.teacher.model, config.teacher.base_url, own_prices(config.teacher)),
    )
    prepared.catalogue.get(config.scenarios.default)
    if not prepared.local:
        _check_key(config.teacher.api_key_env)
    if config.budget_usd is not None and prepared.price is None:
        raise ConfigError(
            f"{config_path}: budget_usd needs a price, and none is known for {config.teacher.model} at "
            f"{config.teacher.base_url}; add teacher.prices: {{input: ..., output: ...}}, in USD a million tokens"
        )
    if not fresh:
        prepared.folder.check_config(config)
    return prepared


def own_prices(settings: Teacher) -> dict[str, float | None]:
    """A model of this machine is free."""
    if settings.prices is not None:
        return settings.prices.model_dump()
    return {"input": 0.0, "output": 0.0} if weights.is_local(settings.model) else {}


def _check_key(variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"teacher.api_key_env: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
