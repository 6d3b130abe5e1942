"""`judgemill diff`: two versions of a dataset."""

import json
from typing import Annotated

import typer


def diff(
    old: Annotated[str, typer.Argument(help="A run's folder, or a dataset of the Hub as org/name@revision.")],
    new: Annotated[str, typer.Argument(help="The same, of the later version.")],
    examples: Annotated[int, typer.Option("--examples", "-n", min=0, help="How many pairs to show of each kind.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Pairs added and gone, verdicts that flipped and why, and how far both versions agree. Makes no call."""
    from synth.cli.diff_text import text
    from synth.diff import compare
    from synth.run.previous import find
    from synth.run.versions import version

    before, after = find(old), find(new)
    found = compare(version(before), version(after))
    print(json.dumps(found.record(examples), indent=2, ensure_ascii=False) if as_json else text(found, examples))
