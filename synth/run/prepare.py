"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config, Endpoint, Scenarios, Teacher
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.scenario import Catalogue, Scenario
from synth.scenario import load as load_scenarios
from synth.scenario.offer import named, offered, refuse_draft
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.local import weights
from synth.teacher.prices import Price, dearest, price


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder.

    `offered` are the scenarios that the teacher chooses from for rows without one; none where the config has a default.
    `price` is the teacher's; `prices` are those of all models, by the name that requests carry, and the dearest where
    several have one name.
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
    prices: Mapping[str, Price | None] = field(default_factory=dict)

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
    catalogue = load_scenarios(scenario_folders)
    priced = {section: (endpoint, _price_of(endpoint)) for section, endpoint in _endpoints(config)}
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        offered=_offered(config_path, config.scenarios, catalogue, scenario_folders),
        filters=filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(Path(config.outputs.folder) / config.name),
        price=priced["teacher"][1],
        prices=_by_name(priced.values()),
    )
    for section, (endpoint, known) in priced.items():
        if not weights.is_local(endpoint.model):
            for key, variable in {"api_key_env": endpoint.api_key_env, **endpoint.headers}.items():
                _check_variable(f"{section}.{key}", variable)
        if config.budget_usd is not None and known is None:
            raise ConfigError(
                f"{config_path}: budget_usd needs a price, and none is known for {endpoint.model} at "
                f"{' and '.join(endpoint.addresses)}; add {section}.prices: {{input: ..., output: ...}}, in USD a "
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


def _endpoints(config: Config) -> Iterator[tuple[str, Endpoint]]:
    """Every section that names a model, with its place in the config."""
    yield "teacher", config.teacher
    for index, one in enumerate(config.responses.models if config.responses else ()):
        yield f"responses.models.{index}", one


def _price_of(settings: Endpoint) -> Price | None:
    batch = isinstance(settings, Teacher) and settings.mode == "batch"
    return price(settings.model, settings.addresses, own_prices(settings), batch=batch)


def _by_name(priced: Iterable[tuple[Endpoint, Price | None]]) -> dict[str, Price | None]:
    named: dict[str, list[Price | None]] = {}
    for one, known in priced:
        name = weights.served_as(one.model) if weights.is_local(one.model) else one.model
        named.setdefault(name, []).append(known)
    return {name: dearest(prices) for name, prices in named.items()}


def own_prices(settings: Endpoint) -> dict[str, float | None]:
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
            f"{key}: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
