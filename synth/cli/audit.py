"""`judgemill audit`: the teacher against human labels."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from synth.run.audit import Audited


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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
) -> None:
    """Hold the teacher against the human labels, each number with its interval and n. Exit 3 below the bar.

    Calls that it makes for a config are in the run's journal: the run that follows does not pay for them again.
    """
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
