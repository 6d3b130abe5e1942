"""`judgemill export`: training data for a student judge out of a finished run."""

from pathlib import Path
from typing import Annotated

import typer

NAMES = (
    "pairs, auto-j, auto-j-single, judgelm, pandalm, pandalm-trainer, feedback-collection, preference-collection, "
    "flow-judge, chat, chat-single, prompt-completion, prompt-completion-single, preference, preference-implicit, "
    "preference-text, preference-text-implicit, rewardbench"
)


def export(
    run: Annotated[Path, typer.Argument(help="A run folder, as outputs/quickstart.")],
    form: Annotated[
        list[str], typer.Option("--format", help=f"A training format; may be given several times. One of {NAMES}.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write <out>/<format>/ and leave the run as it is, instead of its dataset/.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A config whose `outputs: {student: ...}` is taken instead of the run's.")
    ] = None,
) -> None:
    """Write what a finished run kept in further training formats. Makes no call."""
    from synth.cli.report import exported_lines
    from synth.run.export_again import export as export_run

    exported = export_run(run, form, out=out, config_path=config)
    for line in exported_lines(exported, str(out or run / "dataset")):
        print(line)
