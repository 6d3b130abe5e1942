"""`judgemill run`: from a config to a finished run folder."""

from typing import TYPE_CHECKING, Any

from synth.run.engine import Engine

if TYPE_CHECKING:
    from synth.config.source import Source
    from synth.run.audit import Audited
    from synth.run.on_ray import Ray
    from synth.run.planting.audit import AuditedByFlaws
    from synth.run.preview import Preview
    from synth.run.stages import Result


def run(
    config_path: "Source",
    overrides: dict[str, dict[str, Any]],
    *,
    name: str | None = None,
    fresh: bool = False,
    quiet: bool = False,
    ray: "Ray | None" = None,
) -> "Result":
    """Judge, filter and export. A run that was cut off goes on where it was; nothing is paid for twice.

    `overrides` (section -> key -> value) and `name` win over the config file. `fresh` puts an existing run folder
    aside and starts anew. With `ray` that cluster judges.
    Raises ConfigError before any call is made, RunError where the run could not be finished, BarError where the
    teacher is below the bar of the config's `audit`.
    """
    if ray is not None:
        from synth.run.on_ray import check

        check(ray)
    with Engine() as engine:  # before anything else: it takes as long to start as all that comes before the first call
        from synth.run.stages import run_stages

        return run_stages(engine, config_path, overrides, name=name, fresh=fresh, quiet=quiet, ray=ray)


def audit_config(config_path: "Source", *, quiet: bool = False) -> "Audited":
    """Judge the labelled rows of a config, and no others, into the journal of its run.

    Raises ConfigError before any call is made, RunError where not all could be judged.
    """
    with Engine() as engine:
        from synth.run.stages import audit_stages

        return audit_stages(engine, config_path, quiet=quiet)


def audit_by_flaws(config_path: "Source", n: int, *, quiet: bool = False) -> "AuditedByFlaws":
    """Plant flaws in copies of responses of `n` pairs of a config, and judge these, into the journal of its run.

    Raises ConfigError before any call is made, RunError where not all could be judged, or no copy was fit for it.
    """
    with Engine() as engine:
        from synth.run.stages import planted_stages

        return planted_stages(engine, config_path, n, quiet=quiet)


def preview(
    config_path: "Source", overrides: dict[str, dict[str, Any]], n: int, *, name: str | None = None, quiet: bool = False
) -> "Preview":
    """Judge `n` pairs of a config, spread over the scenarios, into the journal of its run. Nothing else of it stays.

    Raises ConfigError before any call is made, RunError where not all could be judged.
    """
    with Engine() as engine:
        from synth.run.stages import preview_stages

        return preview_stages(engine, config_path, overrides, n, name=name, quiet=quiet)
