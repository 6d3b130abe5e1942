"""Paths and names of files that people write: in configs, and on the command line."""

import re
from pathlib import Path

from synth.errors import ConfigError

_LONGEST_NAME = 100  # in bytes; file systems take 255, with an ending of ours
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def expanded(path: str, base: Path = Path()) -> Path:
    """Relative to `base`, with `~` for a home. Raises ConfigError for what no file here can be called."""
    try:
        made = base / Path(path).expanduser()
        made.lstat()  # too long a name is only seen by who looks for it
    except FileNotFoundError:
        return made
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{path[:60]!r} is no path here: {str(why).rstrip('.').lower()}; name another") from error
    return made


def portable(name: str) -> str:
    """Raises ValueError for what cannot be the name of a file or folder on every system."""
    if (size := len(name.encode())) > _LONGEST_NAME:
        raise ValueError(f"found a name of {size} bytes; {_LONGEST_NAME} are allowed")
    if _DEVICE.fullmatch(name) or name.endswith("."):
        raise ValueError(f"{name!r} is no file name on every system; choose another, such as 'my_{name.rstrip('.')}'")
    return name
