"""`judgemill preview`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def preview(
    config: Annotated[Path, typer.Argument(help="A config file, as for `judgemill run`.")],
    pairs: Annotated[int, typer.Option("-n", "--pairs", min=1, help="How many pairs.")] = 5,
    prompts: Annotated[bool, typer.Option("--prompts", help="Show every message that was sent as a whole.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="From the first so many pairs only, as a run has it.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The run folder's name, instead of the config's.")] = None,
    model: Annotated[str | None, typer.Option(help="The teacher's model, instead of the config's.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON on stdout, for scripts.")] = False,
) -> None:
    """Judge a few pairs, spread over the scenarios, and show them end to end, with what the whole run would cost.

    The calls are in the run's journal: the run that follows does not pay for them again.
    """
    from synth.run.run import preview as preview_config

    given: dict[str, dict[str, object]] = {"data": {"limit": limit}, "teacher": {"model": model}}
    overrides = {
        section: {key: value for key, value in keys.items() if value is not None} for section, keys in given.items()
    }
    found = preview_config(config, overrides, pairs, name=name, quiet=quiet)

    from synth.run.plan import plan

    if as_json:
        record = found.record() | {"plan": asdict(plan(config, overrides, name=name))}
        print(json.dumps(record, indent=2, ensure_ascii=False))
        return

    from synth.cli import preview_text

    preview_text.show(found, prompts=prompts)
    preview_text.show_cost(plan(config, overrides, name=name))
    print(f"\nThe calls are in {found.folder}/calls/: `judgemill run {config}` does not pay for them again.")
