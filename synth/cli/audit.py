"""`judgemill audit`: the teacher against human labels."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from synth.errors import ConfigError

if TYPE_CHECKING:
    from synth.run.audit import Audited
    from synth.run.planting.audit import AuditedByFlaws

_PAIRS = 20


def audit(
    run_or_config: Annotated[
        Path, typer.Argument(help="A run's folder (no call is made), or a config: its labelled rows are judged.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
    plots: Annotated[
        Literal["png", "svg"] | None, typer.Option(help="Also draw plots into the run's plots/ folder.")
    ] = None,
    require_agreement: Annotated[
        float | None, typer.Option(min=0, max=1, help="The bar, instead of the config's: exit 3 below it.")
    ] = None,
    planted: Annotated[
        bool, typer.Option("--planted", help="By flaws planted in copies of responses, instead of human labels.")
    ] = False,
    n: Annotated[
        int | None, typer.Option("-n", min=1, help=f"--planted, of a config: responses to copy ({_PAIRS}).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
) -> None:
    """Hold the teacher against the human labels, each number with its interval and n. Exit 3 below the bar.

    With --planted against flaws that were planted in copies of responses, which need no labels.

    Calls that it makes for a config are in the run's journal: the run that follows does not pay for them again.
    """
    if planted:
        for option, given in (("--plots", plots), ("--require-agreement", require_agreement)):
            if given is not None:
                raise ConfigError(f"{option} is of human labels, and --planted goes without them; leave one out")
        _by_flaws(run_or_config, n, as_json=as_json, quiet=quiet)
        return
    if n is not None:
        raise ConfigError("-n is of --planted; without it every labelled row is judged")
    if plots is not None:
        from synth.audit.plots import require

        require()
    from synth.cli.audit_text import audit_table

    audited = _audited(run_or_config, quiet=quiet)
    if require_agreement is not None:
        audited = audited.with_bar(require_agreement)
    print(json.dumps(audited.report.record(), indent=2) if as_json else audit_table(audited.report))
    if plots is not None:
        from synth.audit.plots import draw

        drawn = draw(audited.report, audited.folder.plots, plots)
        if not as_json:
            print("\nPlots: " + ", ".join(map(str, drawn)))
    audited.hold_to_the_bar()


def _audited(run_or_config: Path, *, quiet: bool) -> "Audited":
    from synth.run.folder import RunFolder

    if run_or_config.is_dir():
        from synth.run.audit import audit_finished

        return audit_finished(RunFolder(run_or_config))
    from synth.run.run import audit_config

    return audit_config(run_or_config, quiet=quiet)


def _by_flaws(run_or_config: Path, n: int | None, *, as_json: bool, quiet: bool) -> None:
    from synth.cli.audit_text import planted_table

    audited = _audited_by_flaws(run_or_config, n, quiet=quiet)
    if as_json:
        print(json.dumps(audited.record(), indent=2))
        return
    print(planted_table(audited.report))
    if audited.said:
        print(f"\n{audited.said}")
        print(f"{audited.calls.answered} calls made, {audited.calls.reused} taken from the journal")


def _audited_by_flaws(run_or_config: Path, n: int | None, *, quiet: bool) -> "AuditedByFlaws":
    from synth.run.folder import RunFolder

    if run_or_config.is_dir():
        from synth.run.planting.audit import planted_finished

        if n is not None:
            raise ConfigError(f"-n is of a config; {run_or_config} is a run's folder, of which all pairs count")
        return planted_finished(RunFolder(run_or_config))
    from synth.run.run import audit_by_flaws

    return audit_by_flaws(run_or_config, n or _PAIRS, quiet=quiet)
