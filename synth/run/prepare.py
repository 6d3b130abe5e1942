"""Reads a config and looks at everything it names, before anything is written or asked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import filters
from synth import exports
from synth.config import source
from synth.config.load import load as load_config
from synth.config.model import Config, Scenarios, Teacher
from synth.config.source import Source
from synth.errors import ConfigError
from synth.paths import expanded
from synth.promptset import screen
from synth.run import models
from synth.run.folder import RunFolder
from synth.run.previous import Previous, to_go_on_from
from synth.run.prompting.material import NO_MATERIAL, Material, material
from synth.run.rescue.second_round import check_policy, second_settings
from synth.scenario import Catalogue, Scenario
from synth.scenario import load as load_scenarios
from synth.scenario.catalogue import files as scenario_files
from synth.scenario.offer import named, offered, refuse_draft
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.local import weights
from synth.teacher.prices import Price


@dataclass(frozen=True, slots=True)
class Prepared:
    """A config of which every part exists. Paths in it are relative to `base`, the config file's folder
    or, where there is no file, the current one.

    `offered` are the scenarios that the teacher chooses from for rows without one; none where the config has a default.
    `price` is the teacher's; `prices` are those of all models whose calls are in the journal, as `models.prices` has
    them. `second` is the same for asking again, with its own teacher; None where the config has no `rescue`.
    `held_out` are those of the split `unseen`, `referenced` those whose prompts are to have a reference.
    `material` is what a model is shown that writes prompts.
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
    second: "Prepared | None" = None
    previous: Previous | None = None
    held_out: frozenset[str] = frozenset()
    material: Material = NO_MATERIAL
    referenced: frozenset[str] = frozenset()

    @property
    def local(self) -> bool:
        """Whether the teacher is a model that we start ourselves."""
        return weights.is_local(self.config.teacher.model)


def prepare(
    config_path: Source,
    overrides: dict[str, dict[str, Any]],
    name: str | None = None,
    *,
    fresh: bool = False,
    to_ask: bool = True,
) -> Prepared:
    """Raises ConfigError; makes no call and writes nothing. Keys have to be there only where somebody is asked."""
    config = load_config(config_path, overrides, name)
    if config.imported is not None:
        raise ConfigError(
            f"{config_path}: is the record of an import, which has nobody to ask; `judgemill filter` filters it again"
        )
    base = source.base(config_path)
    scenario_folders = _scenario_folders(config_path, config, base)
    catalogue = load_scenarios(scenario_folders)
    every = list(models.models(config))
    folder = RunFolder(expanded(config.outputs.folder) / config.name)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        offered=_offered(config_path, config.scenarios, catalogue, scenario_folders),
        filters=_filters(config_path, config, base),
        formats=_formats(config_path, config.outputs.formats),
        folder=folder,
        held_out=_named(config_path, ("outputs", "held_out"), config.outputs.held_out, catalogue, scenario_folders),
        referenced=_referenced(config_path, config, catalogue, scenario_folders),
        previous=_previous(config, folder),
        price=every[0].price,
        prices=models.prices(every),
        material=_material(config, base),
    )
    check_policy(prepared.filters, config.rescue)
    for one in every:
        models.check(config_path, one, config.budget_usd, to_ask=to_ask)
    if config.rescue is not None:
        prepared = replace(prepared, second=_second(prepared, second_settings(config, config.rescue)))
    if not fresh:
        prepared.folder.check_config(config)
        _check_batches(prepared)
    return prepared


def _scenario_folders(path: Source, config: Config, base: Path) -> tuple[Path, ...]:
    found = []
    for index, one in enumerate(config.scenarios.folders):
        with _at(path, "scenarios", "folders", index):
            found.append(expanded(one, base))
            scenario_files(found[-1])
    return tuple(found)


def _filters(path: Source, config: Config, base: Path) -> filters.Filters:
    with _at(path, "filters"):
        return filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed)


def _formats(path: Source, names: Sequence[str]) -> tuple[exports.Format, ...]:
    found = []
    for index, one in enumerate(names):
        with _at(path, "outputs", "formats", index):
            found.append(exports.format_named(one))
    return tuple(found)


@contextmanager
def _at(path: Source, *keys: str | int) -> Iterator[None]:
    """Has an error begin with the place of a key."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{source.place(path, keys)}: {error}") from error


def _material(config: Config, base: Path) -> Material:
    if config.prompts is None:
        return NO_MATERIAL
    screen.check(config.prompts)
    return material(config.prompts.generate, base) if config.prompts.generate else NO_MATERIAL


def _second(prepared: Prepared, teacher: Teacher) -> Prepared:
    config = prepared.config.model_copy(update={"teacher": teacher})
    return replace(prepared, config=config, folder=prepared.folder.rescue(), price=models.price_of(teacher))


def _previous(config: Config, folder: RunFolder) -> Previous | None:
    if config.previous is None:
        return None
    found = to_go_on_from(config.previous, folder)
    if found.run is None and config.takes_prompts:
        raise ConfigError(
            f"previous: {found.name}: is a dataset, which has kept pairs but not the responses that this run is to "
            "make pairs of; name the folder of its run, or leave `previous` out"
        )
    return found


def _offered(path: Source, chosen: Scenarios, catalogue: Catalogue, folders: tuple[Path, ...]) -> tuple[Scenario, ...]:
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
        raise ConfigError(f"{source.place(path, keys)}: {'.'.join(map(str, keys))}: {error}") from error


def _named(
    path: Source,
    keys: tuple[str, ...],
    names: Sequence[str],
    catalogue: Catalogue,
    folders: tuple[Path, ...],
    also: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> frozenset[str]:
    """The scenarios behind the names of a list in the config; `also` are names that mean something there alone."""
    found: frozenset[str] = frozenset()
    for index, one in enumerate(names):
        try:
            found |= also[one] if one in also else named(one, catalogue, folders)
        except ConfigError as error:
            raise ConfigError(f"{source.place(path, (*keys, index))}: {'.'.join(keys)}: {error}") from error
    return found


def _referenced(path: Source, config: Config, catalogue: Catalogue, folders: tuple[Path, ...]) -> frozenset[str]:
    if config.references is None:
        return frozenset()
    if not config.references.scenarios:
        return frozenset(catalogue.scenarios)
    marked = {"solve_first": frozenset(one.name for one in catalogue if one.solve_first)}
    return _named(path, ("references", "scenarios"), config.references.scenarios, catalogue, folders, marked)


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
