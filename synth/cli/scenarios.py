"""`judgemill scenarios`: what definitions there are, and what one says."""

from pathlib import Path
from typing import Annotated

import typer

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
def show(name: str, folder: Folders = None) -> None:
    """One scenario with all its criteria, and where each comes from."""
    from synth.scenario import load

    scenario = load(folder or ()).get(name)
    print(f"{scenario.name} ({scenario.group})\n\n{scenario.definition}")
    if scenario.choose_when:
        print(f"\nChoose it when: {scenario.choose_when}")
    if scenario.solve_first:
        print("\nThe teacher works out its own answer first.")
    print(f"\nCriteria ({len(scenario.criteria)}):")
    for criterion in scenario.criteria:
        kind = f"{criterion.type}, {'objective' if criterion.objective else 'subjective'}, from {criterion.origin}"
        print(f"- {criterion.name} ({kind})\n    {criterion.description}")
        if criterion.applies_when:
            print(f"    Applies when: {criterion.applies_when}")
        for score, meaning in criterion.rubric:
            print(f"    {score:>2}: {meaning}")
    for example in scenario.examples:
        print(f"\nExample: {example}")
