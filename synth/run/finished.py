"""What the folder of a finished run says."""

from pydantic import ValidationError

from synth import yaml_file
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run.folder import RunFolder


def config_of(folder: RunFolder) -> Config:
    """The config of a finished run. Raises ConfigError where the folder holds none."""
    folder.check_finished()
    values = yaml_file.read(folder.config)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        said = error.errors()[0]
        where = ".".join(map(str, said["loc"]))
        raise ConfigError(
            f"{folder.config}: {where}: {said['msg']}; it was changed, or is of another version"
        ) from error
