"""`judgemill import` and `judgemill filter`: what is made of judgments that exist already."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from synth.errors import ConfigError


class Votes(StrEnum):
    """How several judgments of one ask become one."""

    MAJORITY = "majority"
    UNANIMOUS = "unanimous"


class BadRows(StrEnum):
    """What becomes of a row that cannot be used."""

    STOP = "stop"
    SKIP = "skip"


class Scale(StrEnum):
    """The scales of the domain; a test holds the two together."""

    TEN = "1-10"
    FIVE = "1-5"
    THREE = "1-3"
    BINARY = "binary"


def import_judgments(
    file: Annotated[Path, typer.Argument(help="Pairs with their `judgments`, one JSON object a line.")],
    name: Annotated[str | None, typer.Option(help="The run folder's name, instead of the file's.")] = None,
    reply_format: Annotated[
        str | None,
        typer.Option(
            help="How replies are read: json (our own), auto-j, mt-bench, arena-hard, judgelm, pandalm, prometheus, "
            "flow-judge, llmbar."
        ),
    ] = None,
    filters: Annotated[
        str | None, typer.Option(help="A preset: minimal, default, strict (default where no --config says another).")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="A config whose `filters:`, `outputs:` and `card:` are taken, or a file with these alone."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The run is written to <folder>/<name>/.")] = Path("outputs"),
    teacher: Annotated[
        list[str] | None, typer.Option(help="Take the judgments of this teacher only; may be given several times.")
    ] = None,
    votes: Annotated[
        Votes | None, typer.Option(help="Where an ask was judged several times: take what most say, or all.")
    ] = None,
    scale: Annotated[
        Scale | None,
        typer.Option(
            help="The scale of the scores, which exports go by, and which replies in our own JSON are held to "
            "(1-10; 1-5 for prometheus and flow-judge)."
        ),
    ] = None,
    scenarios: Annotated[
        list[Path] | None, typer.Option(help="A folder with your own scenarios; may be given several times.")
    ] = None,
    bad_rows: Annotated[
        BadRows, typer.Option(help="A row that cannot be used: stop before anything is written, or set it aside.")
    ] = BadRows.STOP,
) -> None:
    """Make a run of judgments that exist already: filter and export them. Makes no call."""
    from synth.cli.report import show_outcome
    from synth.config.model import Imported
    from synth.run.recorded.importing import import_judgments as import_file

    if filters is not None and config is not None:
        raise ConfigError("--filters and --config both say how to filter; give one of them")
    how = Imported(reply_format=reply_format, teachers=teacher or [], votes=votes.value if votes else None)
    outcome = import_file(
        file,
        name=name,
        folder=folder,
        preset=filters,
        config_path=config,
        scale=scale.value if scale else None,
        scenario_folders=tuple(scenarios or ()),
        skip_bad_rows=bad_rows is BadRows.SKIP,
        how=how,
    )
    show_outcome(outcome, ["no call made"])


def filter_again(
    run: Annotated[Path, typer.Argument(help="A run folder, as outputs/quickstart.")],
    filters: Annotated[str | None, typer.Option(help="A preset: minimal, default, strict.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="A config whose `filters:` are taken, or a file with `filters:` alone.")
    ] = None,
) -> None:
    """Filter a finished run again and write its dataset anew. Makes no call."""
    from synth.cli.report import show_outcome
    from synth.run.again import filter_again as again

    if filters is not None and config is not None:
        raise ConfigError("--filters and --config both say how to filter; give one of them")
    show_outcome(again(run, wanted=filters, config_path=config), ["no call made"])
