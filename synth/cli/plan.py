"""`judgemill plan`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def plan(
    config: Annotated[Path, typer.Argument(help="A config file, as for `judgemill run`.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many pairs.")] = None,
    name: Annotated[str | None, typer.Option(help="The run folder's name, instead of the config's.")] = None,
    model: Annotated[str | None, typer.Option(help="The teacher's model, instead of the config's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON, for scripts.")] = False,
) -> None:
    """Calls, tokens, cost and time of what a run would still ask. Asks nothing and writes nothing."""
    from synth.run.plan import plan as plan_config
    from synth.run.plan_text import text

    given: dict[str, dict[str, object]] = {"data": {"limit": limit}, "teacher": {"model": model}}
    overrides = {
        section: {key: value for key, value in keys.items() if value is not None} for section, keys in given.items()
    }
    made = plan_config(config, overrides, name=name)
    print(json.dumps(asdict(made), indent=2) if as_json else text(made))
