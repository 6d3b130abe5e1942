"""`judgemill report`: a finished run as one page."""

from pathlib import Path
from typing import Annotated

import typer


def report(run: Annotated[Path, typer.Argument(help="A run folder, as outputs/quickstart.")]) -> None:
    """Write report.html of a finished run anew, and print where it is. Makes no call.

    Every finished run has one: numbers, and its kept and dropped pairs to read, in one file that needs no network.
    """
    from synth.run.report import report_again

    print(report_again(run))
