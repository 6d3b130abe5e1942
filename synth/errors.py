"""The project's own errors: each becomes one line and an exit code at the command line."""


class JudgemillError(Exception):
    """Something the user can act on. `exit_code` is the command's."""

    exit_code = 1


class ConfigError(JudgemillError):
    """Wrong arguments, config or input: nothing was asked of a teacher."""

    exit_code = 2


class RunError(JudgemillError):
    """The run could not be finished; what it has is on disk and running again resumes it."""

    exit_code = 1
