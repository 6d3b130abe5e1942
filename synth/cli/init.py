"""`judgemill init`: a first config, from a few questions or from options."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from synth.config.purpose import Purpose
from synth.errors import ConfigError

_ROWS = "--data or --domain"
_OPENAI, _OPENAI_KEY = "https://api.openai.com/v1", "OPENAI_API_KEY"


class _Asked:
    """Questions at a terminal. Elsewhere the default is the answer; where there is none, an error names the option."""

    def __init__(self, is_on: bool) -> None:
        self._is_on = is_on

    def text(self, question: str, option: str, default: str | None = None) -> str:
        if self._is_on:
            return str(typer.prompt(question, default=default, err=True)).strip()
        if default is None:
            raise ConfigError(f"{option} is missing; without a terminal nothing can be asked ({question})")
        return default


def _seen_from(file: Path, given: str) -> str:
    """A path that is there, as a config in `file` has it: relative to its folder. Anything else as it is."""
    path = Path(given).expanduser()
    if path.is_absolute() or not path.exists():
        return given
    return Path(os.path.relpath(path, file.parent)).as_posix()


def _purpose(asked: _Asked) -> Purpose:
    said = asked.text(
        "What for: preferences (of your domain), refresh (a judge's data) or publish", "--for", "preferences"
    )
    if said not in tuple(Purpose):
        raise ConfigError(f"--for: found {said!r}; one of {', '.join(Purpose)}")
    return Purpose(said)


def init(
    file: Annotated[Path, typer.Argument(help="The config to write.")] = Path("judgemill.yaml"),
    purpose: Annotated[
        Purpose | None, typer.Option("--for", help="Preferences of your domain, a judge's data anew, or the Hub.")
    ] = None,
    data: Annotated[str | None, typer.Option(help="Your rows: a file, or a Hub dataset as org/name.")] = None,
    domain: Annotated[
        str | None, typer.Option(help="Where you have no rows: what prompts a model is to write, in your words.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The teacher: a model of the endpoint, a .gguf, or local.")] = None,
    base_url: Annotated[str | None, typer.Option(help="The endpoint.")] = None,
    api_key_env: Annotated[str | None, typer.Option(help="The environment variable that holds its key.")] = None,
    responder: Annotated[
        list[str] | None, typer.Option(help="A model that answers prompts; may be given several times.")
    ] = None,
    scenarios: Annotated[Path | None, typer.Option(help="A folder with your own scenarios.")] = None,
    previous: Annotated[str | None, typer.Option(help="For refresh: a run folder, or org/name@revision.")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="A training format; may be given several times.")
    ] = None,
    license_id: Annotated[str | None, typer.Option("--license", help="For publish: as the Hub writes it.")] = None,
    budget: Annotated[float | None, typer.Option(min=0.01, help="USD that all calls together may cost.")] = None,
    name: Annotated[str | None, typer.Option(help="The run's name; the file's, where none is given.")] = None,
    ask: Annotated[
        bool | None, typer.Option("--ask/--no-ask", help="Ask for what no option says; at a terminal, as it is.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a first config with comments, and say what to do next. Looks at the data's columns; makes no call."""
    from synth.config.starter import Rows, Starter, runs_here
    from synth.run.starting import look, nothing_as_yet, only_scenario, write

    if file.exists() and not force:
        raise ConfigError(f"{file}: is there already; --force replaces it, or name another file")
    asked = _Asked(sys.stdin.isatty() if ask is None else ask)
    purpose = purpose or _purpose(asked)
    if data and domain:
        raise ConfigError("--data and --domain: rows that are there, or prompts to be written; leave one out")
    if not data and not domain:
        data = asked.text("Your rows (.jsonl, .json, .csv, .parquet, or org/name; none where there are none)", _ROWS)
        if data == "none":
            domain, data = asked.text("What prompts a model is to write, in your words", "--domain"), None
    found = look(data) if data else nothing_as_yet()
    if purpose is Purpose.REFRESH:
        previous = previous or asked.text("What it goes on from (a run folder, or org/name@revision)", "--previous")
    model = model or asked.text("The teacher's model (local: the small one that comes along)", "--model", "local")
    if not runs_here(model):
        base_url = base_url or asked.text("Its endpoint", "--base-url", _OPENAI)
        if api_key_env is None:
            api_key_env = asked.text("The environment variable with its key", "--api-key-env", _OPENAI_KEY)
    if found.rows is Rows.PROMPTS and responder is None:
        named = asked.text("Models that answer your prompts, with commas between", "--responder", "the teacher")
        responder = [] if named == "the teacher" else [one.strip() for one in named.split(",") if one.strip()]
    if purpose is Purpose.PUBLISH:
        license_id = license_id or asked.text("The dataset's license", "--license", "other")
    starter = Starter(
        purpose=purpose,
        name=name or file.stem,
        data=_seen_from(file, data) if data else "",
        domain=domain or "",
        rows=found.rows,
        columns=found.columns,
        model=_seen_from(file, model),
        base_url=base_url or _OPENAI,
        api_key_env=_OPENAI_KEY if api_key_env is None else api_key_env,
        responders=tuple(responder or ()),
        scenarios=_seen_from(file, str(scenarios)) if scenarios else "",
        only_scenario=only_scenario(scenarios) if scenarios else "",
        formats=tuple(formats or ()),
        previous=previous or "",
        license=license_id or "",
        budget_usd=budget,
    )
    write(starter, file)
    print(f"{file}: {found.said}\nNext: read it, then\n  judgemill preview {file} -n 3\n  judgemill run {file}")
