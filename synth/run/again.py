"""`judgemill filter`: a finished run filtered again, with other settings and without a call."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import filters
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run import tables
from synth.run.finish import Outcome, finish
from synth.run.folder import RunFolder, write_text
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.recorded.importing import config_values
from synth.scenario import load as load_scenarios
from synth.scenario.offer import held_out

_COUNTED_ANEW = ("counts", "exported", "augmented", "near_held_out", "filter_report")


def filter_again(path: Path, *, preset: str | None = None, config_path: Path | None = None) -> Outcome:
    """Write kept, dropped, dataset/, the card and the manifest's counts anew from the judgments of a run.

    Filters are the preset's, those that `config_path` (a config, or a file with `filters:` alone) says, or the run's
    own. Classes and benchmarks they name are looked for beside `config_path`, else in the current folder.
    Raises ConfigError where the folder holds no finished run.
    """
    folder = RunFolder(path)
    config = _config(folder)
    if config_path is not None:
        given = {"data": {"path": config.data.path}, "teacher": {"model": config.teacher.model}}
        config = config.model_copy(update={"filters": load_config(config_path, given, config.name).filters})
    elif preset is not None:
        config = config.model_copy(update={"filters": preset})
    base = config_path.parent if config_path else Path()
    with folder.claimed():
        prepared = _prepared(folder, config, base)
        manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
        described = {key: value for key, value in manifest.items() if key not in _COUNTED_ANEW}
        outcome = finish(prepared, _intake(folder, manifest), described)
        write_text(folder.config, yaml_file.text(config_values(config)))
    return outcome


def _config(folder: RunFolder) -> Config:
    for file in (folder.config, folder.manifest, folder.pairs, folder.judgments, folder.dropped):
        if not file.exists():
            raise ConfigError(f"{folder.path}: holds no finished run, as there is no {file.name}; name a run folder")
    values = yaml_file.read(folder.config)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        said = error.errors()[0]
        where = ".".join(map(str, said["loc"]))
        raise ConfigError(
            f"{folder.config}: {where}: {said['msg']}; it was changed, or is of another version"
        ) from error


def _prepared(folder: RunFolder, config: Config, base: Path) -> Prepared:
    scenario_folders = tuple(base / Path(one).expanduser() for one in config.scenarios.folders)
    try:
        catalogue = load_scenarios(scenario_folders)
    except ConfigError as error:
        raise ConfigError(f"{error} (run it where the run's config is, or name it with --config)") from error
    return Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        filters=filters.chosen(config.filters, base=base, language=config.judging.language, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=folder,
        held_out=held_out(catalogue, scenario_folders, config.outputs.held_out),
    )


def _intake(folder: RunFolder, manifest: dict[str, Any]) -> Intake:
    """What the run took in, as far as its folder says: rows that were set aside are among the dropped ones."""
    rows = (row for row in tables.read(folder.dropped) if row["filter"] == "input")
    return Intake(
        set_aside=[tables.set_aside(row) for row in rows],
        beyond_limit=manifest["counts"]["beyond_limit"],
        scenarios=set(manifest["hashes"]["scenarios"]),
    )
