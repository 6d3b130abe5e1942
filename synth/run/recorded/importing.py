"""`judgemill import`: from a file of judgments to a finished run folder, without a call."""

import hashlib
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from pydantic import ValidationError

import filters
import synth
from synth import exports, yaml_file
from synth.config.load import load as load_config
from synth.config.model import Config, Imported
from synth.domain import SCALES, scale_named
from synth.errors import ConfigError
from synth.parsing.formats import reply_format
from synth.rows.read import read
from synth.run import manifest
from synth.run.finish import Outcome, finish
from synth.run.folder import RunFolder, write_text
from synth.run.prepare import Prepared
from synth.run.recorded.take_in import Found, Wanted, take_in
from synth.scenario import Catalogue
from synth.scenario import load as load_scenarios
from synth.scenario.offer import held_out


def import_judgments(
    file: Path,
    *,
    name: str | None = None,
    folder: Path = Path("outputs"),
    preset: str | None = None,
    config_path: Path | None = None,
    scale: str | None = None,
    scenario_folders: tuple[Path, ...] = (),
    skip_bad_rows: bool = False,
    how: Imported | None = None,
) -> Outcome:
    """Make a run of a file in our own form, filter and export it.

    A folder that holds an earlier import of the same file is written anew. `scale` is what the scores are on; the reply
    format's own where it is None. Of `config_path`, a config or a file with no more than these, `filters:`, `outputs:`
    and `card:` are taken. Raises ConfigError for what cannot be used.
    """
    how = how or Imported()
    if not file.is_file():
        raise ConfigError(f"{file}: no such file; judgments are imported from a .jsonl or .json file")
    if file.suffix.lower() not in (".jsonl", ".ndjson", ".json", ".parquet"):
        raise ConfigError(f"{file}: cannot hold judgments; .jsonl, .json, .parquet")
    ten = SCALES[0]
    form = reply_format(how.reply_format, scale_named(scale) if scale else ten) if how.reply_format else None
    scale = scale or (form.scale if form else ten.name)
    wanted = Wanted(
        form=form,
        teachers=tuple(how.teachers),
        votes=how.votes,
        skip_bad_rows=skip_bad_rows,
    )
    config = _config(file, name or file.stem, folder, preset or "default", scale, scenario_folders, skip_bad_rows, how)
    if config_path is not None:
        config = _with_settings_of(config_path, config)
    base, catalogue = config_path.parent if config_path else Path(), load_scenarios(scenario_folders)
    prepared = Prepared(
        config=config,
        base=base,
        scenario_folders=scenario_folders,
        catalogue=catalogue,
        filters=filters.chosen(config.filters, base=base, seed=config.seed),
        formats=tuple(exports.format_named(one) for one in config.outputs.formats),
        folder=RunFolder(folder / config.name),
        held_out=held_out(catalogue, scenario_folders, config.outputs.held_out),
    )
    _check_folder(prepared.folder, config)
    with prepared.folder.claimed():
        try:
            return _import(file, prepared, wanted)
        finally:
            rmtree(prepared.folder.work, ignore_errors=True)
            if not prepared.folder.config.exists():
                rmtree(prepared.folder.path)


def _import(file: Path, prepared: Prepared, wanted: Wanted) -> Outcome:
    folder = prepared.folder
    found = take_in(read(str(file), Path(), "train"), wanted, prepared.catalogue, folder, str(file))
    taken = sorted(wanted.teachers or found.teachers)
    config = prepared.config.model_copy(
        update={
            "teacher": prepared.config.teacher.model_copy(update={"model": " + ".join(taken)}),
            "judging": prepared.config.judging.model_copy(update={"protocols": found.protocols}),
        }
    )
    write_text(folder.config, yaml_file.text(config_values(config)))
    described = _described(file, config, prepared.catalogue, found)
    return finish(replace(prepared, config=config), found.intake, described)


def config_values(config: Config) -> dict[str, Any]:
    """What config.yaml says: of an imported run's teacher only the name, as nobody was asked."""
    values = config.model_dump(mode="json")
    return values | {"teacher": {"model": config.teacher.model}} if config.imported else values


def _config(
    file: Path,
    name: str,
    folder: Path,
    preset: str,
    scale: str,
    scenario_folders: tuple[Path, ...],
    skip_bad_rows: bool,
    how: Imported,
) -> Config:
    values = {
        "name": name,
        "data": {"path": str(file.resolve()), "bad_rows": "skip" if skip_bad_rows else "stop"},
        "teacher": {"model": "recorded"},
        "scenarios": {"folders": [str(one.resolve()) for one in scenario_folders]},
        "judging": {"scale": scale},
        "filters": preset,
        "outputs": {"folder": str(folder)},
        "imported": how.model_dump(),
    }
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(
            f"{name!r} cannot be a run's name: letters, digits, '.', '_' and '-'; choose --name"
        ) from error


def _with_settings_of(path: Path, config: Config) -> Config:
    """The import, filtered and exported as a config says. Where the run is and whose judgments it has, it does not."""
    given = {"data": {"path": config.data.named}, "teacher": {"model": config.teacher.model}}
    said = load_config(path, given, config.name)
    outputs = said.outputs.model_copy(update={"folder": config.outputs.folder})
    return config.model_copy(update={"filters": said.filters, "outputs": outputs, "card": said.card})


def _check_folder(folder: RunFolder, config: Config) -> None:
    """What a run paid for is never written over; an import of the same file can be had again."""
    if not folder.path.exists() or not any(one.name != ".lock" for one in folder.path.iterdir()):
        return
    if folder.config.exists():
        before = yaml_file.read(folder.config)
        if isinstance(before, dict) and before.get("imported") and before["data"]["path"] == config.data.path:
            return
    raise ConfigError(f"{folder.path}: holds another run or other files; choose another --name or --folder")


def _described(file: Path, config: Config, catalogue: Catalogue, found: Found) -> dict[str, Any]:
    assert config.imported is not None
    return {
        "judgemill": synth.__version__,
        "teacher": {"model": config.teacher.model, "parameters": {}},
        "judging": config.judging.model_dump(mode="json"),
        "seed": config.seed,
        "imported": {"file": file.name, **config.imported.model_dump()},
        "hashes": {
            "file": _hash(file),
            "scenarios": manifest.scenario_hashes(catalogue, found.intake.scenarios),
        },
    }


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]
