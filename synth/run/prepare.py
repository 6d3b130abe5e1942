"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config, Scenarios, Teacher
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.scenario import Catalogue, Scenario
from synth.scenario import load as load_scenarios
from synth.scenario.offer import named, offered, refuse_draft
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.local import weights
from synth.teacher.prices import Price, price


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder.

    `offered` are the scenarios that the teacher chooses from for rows without one; none where the config has a default.
    `held_out` are those of the split `unseen`.
    """

    config: Config
    base: Path
    scenario_folders: tuple[Path, ...]
    catalogue: Catalogue
    filters: filters.Filters
    formats: tuple[exports.Format, ...]
    folder: RunFolder
    offered: tuple[Scenario, ...] = ()
    price: Price | None = None
    held_out: frozenset[str] = frozenset()

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
    if config.imported is not None:
        raise ConfigError(
            f"{config_path}: is the record of an import, which has nobody to ask; `judgemill filter` filters it again"
        )
    base = config_path.parent
    scenario_folders = tuple(base / Path(folder).expanduser() for folder in config.scenarios.folders)
    catalogue = load_scenarios(scenario_folders)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        offered=_offered(config_path, config.scenarios, catalogue, scenario_folders),
        filters=filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(Path(config.outputs.folder) / config.name),
        held_out=_held_out(config_path, config, catalogue, scenario_folders),
        price=price(
            config.teacher.model,
            config.teacher.addresses,
            own_prices(config.teacher),
            batch=config.teacher.mode == "batch",
        ),
    )
    if not prepared.local:
        for key, variable in {"api_key_env": config.teacher.api_key_env, **config.teacher.headers}.items():
            _check_variable(key, variable)
    if config.budget_usd is not None and prepared.price is None:
        raise ConfigError(
            f"{config_path}: budget_usd needs a price, and none is known for {config.teacher.model} at "
            f"{' and '.join(config.teacher.addresses)}; add teacher.prices: {{input: ..., output: ...}}, in USD a "
            "million tokens"
        )
    if config.teacher.mode == "batch":
        _check_mode(config_path, prepared)
    if not fresh:
        prepared.folder.check_config(config)
        if config.teacher.mode == "live":
            _check_batches(prepared.folder)
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


def _held_out(path: Path, config: Config, catalogue: Catalogue, folders: tuple[Path, ...]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for index, one in enumerate(config.outputs.held_out):
        try:
            found |= named(one, catalogue, folders)
        except ConfigError as error:
            place = f"{path}:{yaml_file.line_of(path, ('outputs', 'held_out', index))}"
            raise ConfigError(f"{place}: outputs.held_out: {error}") from error
    return found


def own_prices(settings: Teacher) -> dict[str, float | None]:
    """A model of this machine is free."""
    if settings.prices is not None:
        return settings.prices.model_dump()
    return {"input": 0.0, "output": 0.0} if weights.is_local(settings.model) else {}


def _check_mode(config_path: Path, prepared: Prepared) -> None:
    teacher = prepared.config.teacher
    if prepared.local:
        raise ConfigError(
            f"{config_path}: teacher.mode: batch needs an endpoint with a Batch API, but '{teacher.model}' runs "
            "on this machine; leave mode out"
        )
    if len(teacher.addresses) > 1:
        raise ConfigError(
            f"{config_path}: teacher.mode: batch goes to one endpoint, but base_url names {len(teacher.addresses)}; "
            "name one of them"
        )


def _check_batches(folder: RunFolder) -> None:
    """What an open batch is about to answer would be paid for a second time by a live call."""
    ledger = Ledger(folder.calls)
    if not ledger.open():
        return
    ledger.close_answered(Journal(folder.calls))
    for entry in ledger.open():
        raise ConfigError(
            f"teacher.mode: a batch of this run is open, with {len(entry.keys)} calls; set mode: batch to pick it up, "
            f"or delete {ledger.path(entry)} to pay for them again"
        )


def _check_variable(key: str, variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"teacher.{key}: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
