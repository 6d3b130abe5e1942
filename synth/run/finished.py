"""What a finished run's folder says it was."""

from pydantic import ValidationError

from synth import yaml_file
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run.folder import RunFolder


def finished(folder: RunFolder) -> Config:
    """The config of a finished run. Raises ConfigError where the folder holds none."""
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
