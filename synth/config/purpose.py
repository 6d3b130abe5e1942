"""What a config is for. By itself, as the command line needs the names before anything heavy."""

from enum import StrEnum


class Purpose(StrEnum):
    """Who writes a config, by what comes of it."""

    PREFERENCES = "preferences"
    REFRESH = "refresh"
    PUBLISH = "publish"
