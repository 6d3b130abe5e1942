"""All fuzz targets, by name."""

from tests.fuzz import calls, files, replies
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (*replies.TARGETS, *files.TARGETS, *calls.TARGETS)


def named(name: str) -> Target:
    return next(one for one in TARGETS if one.name == name)
