"""The project's own errors: each becomes one line and an exit code at the command line."""

from collections.abc import Iterable
from difflib import get_close_matches

from synth.terminal import escaped


class JudgemillError(Exception):
    """Something the user can act on. `exit_code` is the command's.

    One line, whatever it quotes.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(escaped(message))


class ConfigError(JudgemillError):
    """Wrong arguments, config or input: nothing was asked of a teacher."""

    exit_code = 2


class RunError(JudgemillError):
    """The run could not be finished; what it has is on disk and running again resumes it."""

    exit_code = 1


class BarError(JudgemillError):
    """What the user asked for was measured, and is below the bar that the user set."""

    exit_code = 3


def meant(found: str, known: Iterable[str]) -> str:
    """`did you mean 'x'? ` for the nearest of the known names, with the space after it; empty where none is near."""
    close = get_close_matches(found, list(known))
    swapped = [name for name in close if sorted(name) == sorted(found)]  # 'modle' is 'model', though 'mode' is nearer
    return f"did you mean '{(swapped or close)[0]}'? " if close else ""
