"""Reads a config and looks at everything it names, before anything is written or asked."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config, Scenarios, Teacher
from synth.errors import ConfigError
from synth.run.folder import RunFolder
from synth.run.previous import Previous, to_go_on_from
from synth.run.rescue.second_round import check_policy, second_settings
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
    `second` is the same for asking again, with its own teacher; None where the config has no `rescue`. `other` are the
    settings of the one teacher for the other: their calls are in one journal, and count against one budget.
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
    second: "Prepared | None" = None
    other: Teacher | None = None
    previous: Previous | None = None
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
    second_teacher = second_settings(config, config.rescue) if config.rescue else None
    folder = RunFolder(Path(config.outputs.folder) / config.name)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        offered=_offered(config_path, config.scenarios, catalogue, scenario_folders),
        filters=filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=folder,
        held_out=_held_out(config_path, config, catalogue, scenario_folders),
        previous=to_go_on_from(config.previous, folder) if config.previous else None,
        price=_price(config.teacher),
        other=second_teacher,
    )
    check_policy(prepared.filters, config.rescue)
    _check_teacher(config_path, prepared, "teacher")
    if second_teacher is not None:
        second = replace(
            prepared,
            config=config.model_copy(update={"teacher": second_teacher}),
            folder=prepared.folder.rescue(),
            price=_price(second_teacher),
            other=config.teacher,
        )
        _check_teacher(config_path, second, "rescue.teacher")
        _check_same_price(config_path, prepared, second)
        prepared = replace(prepared, second=second)
    if not fresh:
        prepared.folder.check_config(config)
        _check_batches(prepared)
    return prepared


def _price(settings: Teacher) -> Price | None:
    return price(settings.model, settings.addresses, own_prices(settings), batch=settings.mode == "batch")


def _check_teacher(config_path: Path, prepared: Prepared, key: str) -> None:
    """`key` is where its settings stand in the config."""
    settings = prepared.config.teacher
    if not prepared.local:
        for name, variable in {"api_key_env": settings.api_key_env, **settings.headers}.items():
            _check_variable(f"{key}.{name}", variable)
    if prepared.config.budget_usd is not None and prepared.price is None:
        raise ConfigError(
            f"{config_path}: budget_usd needs a price, and none is known for {settings.model} at "
            f"{' and '.join(settings.addresses)}; add {key}.prices: {{input: ..., output: ...}}, in USD a million "
            "tokens"
        )
    if settings.mode == "batch":
        _check_mode(config_path, prepared, key)


def _check_same_price(config_path: Path, prepared: Prepared, second: Prepared) -> None:
    """The journal says which model was asked, and not where."""
    model = prepared.config.teacher.model
    if (
        prepared.config.budget_usd is not None
        and model == second.config.teacher.model
        and prepared.price != second.price
    ):
        raise ConfigError(
            f"{config_path}: budget_usd cannot tell calls of {model} at one price from those at another; give "
            "rescue.teacher the same prices and mode, or another model"
        )


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


def _check_mode(config_path: Path, prepared: Prepared, key: str) -> None:
    teacher = prepared.config.teacher
    if prepared.local:
        raise ConfigError(
            f"{config_path}: {key}.mode: batch needs an endpoint with a Batch API, but '{teacher.model}' runs "
            "on this machine; leave mode out"
        )
    if len(teacher.addresses) > 1:
        raise ConfigError(
            f"{config_path}: {key}.mode: batch goes to one endpoint, but base_url names {len(teacher.addresses)}; "
            "name one of them"
        )


def _check_batches(prepared: Prepared) -> None:
    """What an open batch is about to answer would be paid for a second time by a live call to its endpoint."""
    teachers = [one.config.teacher for one in (prepared, prepared.second) if one is not None]
    live = {address for one in teachers if one.mode == "live" for address in one.addresses}
    picked_up = {address for one in teachers if one.mode == "batch" for address in one.addresses} - live
    ledger = Ledger(prepared.folder.calls)
    if not live or all(entry.endpoint in picked_up for entry in ledger.open()):
        return
    ledger.close_answered(Journal(prepared.folder.calls))
    for entry in (one for one in ledger.open() if one.endpoint not in picked_up):
        raise ConfigError(
            f"teacher.mode: a batch of this run is open, with {len(entry.keys)} calls; `judgemill run` with mode: "
            f"batch picks it up, or delete {ledger.path(entry)} to pay for them again"
        )


def _check_variable(key: str, variable: str) -> None:
    if variable and not os.environ.get(variable):
        raise ConfigError(
            f"{key}: the environment variable {variable} is not set; export it, name another, "
            "or write '' for an endpoint without keys"
        )
