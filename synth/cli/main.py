"""`judgemill`: arguments in, results on stdout, progress on stderr, one line and an exit code for an error."""

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

from synth.cli import audit, diff, export, init, page, plan, preview, publish, recorded, scenarios
from synth.errors import ConfigError, JudgemillError
from synth.without_pandas import keep_pandas_out_of_pyarrow

# A disk that is full, or that may not be written to: nothing of ours is wrong, and what is in the journal stays.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)

_INTERRUPTED = 130  # what typer makes of Ctrl-C, without a word

app = typer.Typer(
    name="judgemill",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"max_content_width": 120},
    rich_markup_mode=None,  # help in boxes takes as long as all the rest of it
)


@app.callback()
def root() -> None:
    """Training data for LLM judges: a teacher compares and grades response pairs, filters keep what can be trusted.

    Exit codes: 0 done, 1 the run could not be finished (run it again to resume), 2 wrong arguments, config or input,
    3 below a bar that the config sets.
    """


@app.command()
def run(
    config: Annotated[Path, typer.Argument(help="A config file, as examples/quickstart.yaml.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Judge only the first so many pairs.")] = None,
    name: Annotated[str | None, typer.Option(help="The run folder's name, instead of the config's.")] = None,
    model: Annotated[str | None, typer.Option(help="The teacher's model, instead of the config's.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Put an existing run aside and pay for every call again.")
    ] = False,
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Judge on a Ray cluster: HOST:PORT, or auto for this node's.")
    ] = None,
    ray_replicas: Annotated[
        int | None, typer.Option(min=1, help="Processes that make calls, with --ray; one a node as it is.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The outcome as JSON on stdout, for scripts.")] = False,
) -> None:
    """Judge, filter and export. Resumes by itself; pays for nothing twice."""
    from synth.run import on_ray
    from synth.run.run import run as run_config

    given: dict[str, dict[str, object]] = {"data": {"limit": limit}, "teacher": {"model": model}}
    overrides = {
        section: {key: value for key, value in keys.items() if value is not None} for section, keys in given.items()
    }
    if ray is None and ray_replicas is not None:
        raise ConfigError("--ray-replicas: is of a cluster; name it with --ray ADDRESS")
    cluster = on_ray.Ray(ray, ray_replicas) if ray is not None else None
    result = run_config(config, overrides, name=name, fresh=fresh, quiet=quiet, ray=cluster)

    from synth.cli import report

    print(report.as_json(result)) if as_json else report.show(result)


app.command()(init.init)
app.command()(plan.plan)
app.command()(preview.preview)
app.command()(audit.audit)
app.command("import")(recorded.import_judgments)
app.command("filter")(recorded.filter_again)
app.command()(export.export)
app.command()(page.report)
app.command()(diff.diff)
app.command()(publish.publish)
app.add_typer(scenarios.app, name="scenarios")


def main() -> None:
    """The entry point of the `judgemill` command."""
    keep_pandas_out_of_pyarrow()
    try:
        app()
    except JudgemillError as error:
        resume = "; run the same command again to resume" if error.exit_code == 1 else ""
        print(f"judgemill: {error}{resume}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        where = f"{error.filename}: " if error.filename else ""
        said = f"{where}cannot be written: {error.strerror or error}"
        print(f"judgemill: {' '.join(said.split())}; mend that, then run the same command again", file=sys.stderr)
        sys.exit(1)
    except SystemExit as end:
        if end.code != _INTERRUPTED:
            raise
        print("judgemill: stopped; run the same command again, and it goes on where it was", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
