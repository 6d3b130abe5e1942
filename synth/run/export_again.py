"""`judgemill export`: a finished run in further formats, without a call."""

import json
import sys
from pathlib import Path

from filters import Filters
from synth import yaml_file
from synth.errors import ConfigError
from synth.exports import card, format_named
from synth.exports.write import Exported
from synth.run.again import changes, described, prepared_again
from synth.run.came_later import ADDED
from synth.run.exporting import write_dataset, write_formats
from synth.run.finished import config_of
from synth.run.folder import RunFolder, write_json, write_text
from synth.run.manifest import scenario_hashes
from synth.run.recorded.importing import config_values
from synth.scenario import Catalogue


def export(path: Path, names: list[str], *, out: Path | None = None, config_path: Path | None = None) -> Exported:
    """Write the pairs that a run kept in the formats named.

    Into the run's dataset/, beside the formats that are there, with the card, the manifest and the config; or into
    `out`, and the run stays as it is. What the student is shown is what the run's config says, or `config_path`.
    Scenarios of one's own are looked for beside `config_path`, else in the current folder.
    Raises ConfigError where the folder holds no finished run, for an unknown format, and where `out` has one of them.
    """
    for name in names:
        format_named(name, "--format")
    folder = RunFolder(path)
    config = config_of(folder)
    if config_path is not None:
        student = changes(config_path, config).outputs.student
        config = config.model_copy(update={"outputs": config.outputs.model_copy(update={"student": student})})
    formats_before = config.outputs.formats
    wanted = list(dict.fromkeys(names if out else [*config.outputs.formats, *names]))
    config = config.model_copy(update={"outputs": config.outputs.model_copy(update={"formats": wanted})})
    kept_as_it_is = Filters(())
    prepared = prepared_again(folder, config, config_path.parent if config_path else Path(), kept_as_it_is)
    manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
    _say_what_changed(manifest["hashes"]["scenarios"], prepared.catalogue)
    with folder.claimed():
        if out is not None:
            _check_free(out, wanted)
            return write_formats(prepared, out)
        exported = write_dataset(prepared)
        manifest = {key: value for key, value in manifest.items() if key not in ("augmented", "near_held_out")}
        added = [one for one in names if one not in formats_before]
        if added:
            manifest = manifest | {ADDED: [*manifest.get(ADDED, ()), *added]}
            manifest = described(manifest) | manifest  # where a run that runs again has it
        manifest |= exported.record()
        write_text(folder.card, card.render(manifest, config.name, config.card))
        write_json(folder.manifest, manifest, sort_keys=False)
        write_text(folder.config, yaml_file.text(config_values(config)))
    return exported


def _say_what_changed(hashes: dict[str, str], catalogue: Catalogue) -> None:
    """Criteria in a student's prompt are those of now, while the teacher judged by those of the run."""
    try:
        now = scenario_hashes(catalogue, hashes)
    except ConfigError as error:
        raise ConfigError(f"{error} (run it where the run's config is, or name it with --config)") from error
    changed = [name for name, before in hashes.items() if now[name] != before]
    if changed:
        said = f"{', '.join(changed)}: changed since the run; where criteria are shown, they are those of now"
        print(f"scenarios {said}", file=sys.stderr)


def _check_free(out: Path, names: list[str]) -> None:
    if out.is_file():
        raise ConfigError(f"--out {out}: is a file; name a folder")
    for name in names:
        if (out / name).exists():
            raise ConfigError(f"--out {out}: holds {name}/ already; remove it or name another folder")
