"""`judgemill scenarios`: what definitions there are, what one says, whether files are right, and a new one."""

from pathlib import Path
from typing import Annotated

import typer

from synth.domain import Protocol

app = typer.Typer(help="Scenario definitions: what good means for each kind of prompt.", no_args_is_help=True)

Folders = Annotated[list[Path] | None, typer.Option("--folder", help="A folder with your own scenario files.")]


@app.command("list")
def list_all(folder: Folders = None) -> None:
    """Every scenario: name, criteria, definition."""
    from synth.scenario import load

    group = ""
    for scenario in load(folder or ()):
        if scenario.group != group:
            group = scenario.group
            print(group)
        first_sentence = scenario.definition.split(". ")[0].rstrip(".")
        print(f"  {scenario.name:<40}{len(scenario.criteria):>3} criteria  {first_sentence}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A scenario, or a basic set such as writing.")],
    folder: Folders = None,
    prompt: Annotated[
        bool, typer.Option("--prompt", help="The exact messages a teacher would get for an example pair instead.")
    ] = False,
    protocol: Annotated[Protocol, typer.Option(help="With --prompt: which question.")] = Protocol.PAIRWISE,
) -> None:
    """One scenario with all its criteria, and where each comes from."""
    from synth.cli import scenario_text
    from synth.scenario import load
    from synth.scenario.known import basic_sets

    folders = folder or []
    scenario = basic_sets(folders).get(name) or load(folders).get(name)
    if not prompt:
        print(scenario_text.definition(scenario))
        return
    from synth.prompts.example import example_question

    print(scenario_text.question(example_question(scenario, protocol)))


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files, or folders of files; the built-in ones where none is given.")
    ] = None,
) -> None:
    """Every error in scenario files, and what the lint rules find in their criteria. Exit code 2 if there is any.

    A file silences a rule with `silence: [name-of-the-rule]`.
    """
    from synth.cli import scenario_text
    from synth.scenario import BUILT_IN
    from synth.scenario.lint import check as check_files

    report = check_files(paths or [BUILT_IN])
    print(scenario_text.report(report))
    if not report.clean:
        raise typer.Exit(2)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Lower case with underscores, as refund_request.")],
    about: Annotated[str, typer.Option(help="A sentence: what the user of such a prompt wants.")],
    folder: Annotated[Path, typer.Option(help="Where to write <name>.yaml.")] = Path("my_scenarios"),
    extends: Annotated[
        list[str] | None, typer.Option(help="A basic set or scenario whose criteria come first; may be repeated.")
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="A run's config, whose teacher drafts the criteria and improves its draft.")
    ] = None,
    examples: Annotated[Path | None, typer.Option(help="With --teacher: rows of this kind, as for a run.")] = None,
) -> None:
    """Write a valid scenario file to edit, marked `draft: true`.

    `judgemill run` refuses a draft until a person has taken the mark out.
    """
    from synth.cli import scenario_text
    from synth.run.draft import new as write
    from synth.scenario.lint import check as check_files

    path = write(name, about, folder, extends or [], teacher=teacher, rows=examples)
    print(f"{path} is written, as a draft.")
    if teacher is not None:
        print(scenario_text.report(check_files([path])))
    print(f"Edit it, take out its line `draft: true`, and after each change run\n  judgemill scenarios check {folder}")
    print(f"See what a teacher would be asked:\n  judgemill scenarios show {name} --folder {folder} --prompt")
