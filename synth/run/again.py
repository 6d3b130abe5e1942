"""`judgemill filter`: a finished run filtered again, with other settings and without a call."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config
from synth.errors import ConfigError
from synth.paths import expanded
from synth.run import tables
from synth.run.finish import Outcome, finish
from synth.run.finished import config_of
from synth.run.folder import RunFolder, write_text
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.previous import Previous, find
from synth.run.recorded.importing import config_values
from synth.run.rescue.second_round import check_policy
from synth.scenario import load as load_scenarios
from synth.scenario.offer import held_out

Wanted = str | list[str | dict[str, Any]] | dict[str, Any]  # as a config's `filters:` has them

_COUNTED_ANEW = (
    "filters",
    "filter_settings",
    "counts",
    "exported",
    "left_out",
    "converted",
    "augmented",
    "near_held_out",
    "composition",
    "filter_report",
    "rescued",
    "ranking",
)


def filter_again(
    path: Path, *, wanted: Wanted | None = None, config_path: Path | None = None, base: Path | None = None
) -> Outcome:
    """Write kept, dropped, dataset/, the card and the manifest's counts anew from the judgments of a run.

    Filters are those `wanted`, those that `config_path` (a config, or a file with `filters:` alone) says, or the run's
    own. Classes and benchmarks they name are looked for in `base`, or beside `config_path`, else in the current folder.
    Raises ConfigError where the folder holds no finished run.
    """
    folder = RunFolder(path)
    config = config_of(folder)
    if config_path is not None:
        config = config.model_copy(update={"filters": changes(config_path, config).filters})
    elif wanted is not None:
        config = config.model_copy(update={"filters": wanted})
    base = base or (config_path.parent if config_path else Path())
    with folder.claimed():
        by = filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed)
        prepared = prepared_again(folder, config, base, by)
        check_policy(prepared.filters, config.rescue, finished=True)
        manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
        outcome = finish(prepared, _intake(folder, manifest), described(manifest))
        write_text(folder.config, yaml_file.text(config_values(config)))
    return outcome


def described(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says beside what is counted anew."""
    return {key: value for key, value in manifest.items() if key not in _COUNTED_ANEW}


def changes(path: Path, config: Config) -> Config:
    """A config that may say no more than what it changes; where its data and teacher are, the run knows."""
    given = {"data": {"path": config.data.named}, "teacher": {"model": config.teacher.model}}
    return load_config(path, given, config.name)


def prepared_again(folder: RunFolder, config: Config, base: Path, by: filters.Filters) -> Prepared:
    """A finished run, of which no call is made any more. Scenarios of one's own are looked for beside `base`."""
    scenario_folders = tuple(expanded(one, base) for one in config.scenarios.folders)
    try:
        catalogue = load_scenarios(scenario_folders)
    except ConfigError as error:
        raise ConfigError(f"{error} (run it where the run's config is, or name it with --config)") from error
    return Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        filters=by,
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=folder,
        previous=_previous(config),
        held_out=held_out(catalogue, scenario_folders, config.outputs.held_out),
    )


def _previous(config: Config) -> Previous | None:
    """None where it is no longer there: filtering again needs nothing of it."""
    try:
        return find(config.previous) if config.previous else None
    except ConfigError:
        return None


def _intake(folder: RunFolder, manifest: dict[str, Any]) -> Intake:
    """What the run took in, as far as its folder says: rows that were set aside are among the dropped ones."""
    rows = (row for row in tables.read(folder.dropped) if row["filter"] == "input")
    return Intake(
        set_aside=[tables.set_aside(row) for row in rows],
        beyond_limit=manifest["counts"]["beyond_limit"],
        scenarios=set(manifest["hashes"]["scenarios"]),
        rows=manifest["counts"]["rows"] if "responses" in manifest or "planted" in manifest else 0,
    )
