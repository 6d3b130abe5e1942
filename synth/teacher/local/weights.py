"""placeholder, replaced by helper"""

from pathlib import Path
from synth.errors import ConfigError


def is_local(model: str) -> bool:
    return model == "local" or model.endswith(".gguf")


def default_cache() -> Path:
    return Path("/tmp")


def resolve(model: str, cache: Path) -> Path:
    raise ConfigError(f"{model}: no such file")
