"""`judgemill init`: looks at somebody's data, and writes the first config for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from synth.config.load import load
from synth.config.starter import Rows, Starter, text
from synth.errors import ConfigError
from synth.rows.guess import guess
from synth.rows.read import first_row
from synth.run.folder import write_text
from synth.run.previous import find
from synth.scenario.catalogue import files
from synth.scenario.definition import read as read_definition


@dataclass(frozen=True, slots=True)
class Look:
    """What the data's first row tells. `said` is for people."""

    rows: Rows
    columns: Mapping[str, str]
    said: str


def look(data: str) -> Look:
    """`data` is a file, or a Hub dataset of which the first row is fetched.

    Raises ConfigError where it cannot be read, or has no prompts.
    """
    row = first_row(data, Path(), "train")
    if row is None:
        raise ConfigError(f"{data}: no row of it can be read; each is an object with a prompt")
    found = guess(row.values)
    there = ", ".join(row.values)
    if not found.prompt:
        raise ConfigError(
            f"{row.place}: no column looks like a prompt, found {there}; rename one to 'prompt', "
            "or write the config by hand with data.columns: {prompt: yours}"
        )
    kind = Rows.PAIRS if found.pairs else Rows.RESPONSES if found.responses else Rows.PROMPTS
    what = {
        Rows.PAIRS: "pairs of responses, to judge as they are",
        Rows.RESPONSES: "prompts with several responses, of which pairs are made",
        Rows.PROMPTS: "prompts alone, which models answer first",
    }[kind]
    taken = "".join(f"; '{theirs}' is taken for {ours}" for ours, theirs in found.columns.items())
    return Look(kind, found.columns, f"{data} holds {what} (columns: {there}){taken}")


def only_scenario(folder: Path) -> str:
    """The one scenario of a folder; empty where there are several. Raises ConfigError where there is none."""
    own = [one for one in map(read_definition, files(folder)) if not one.basic]
    return own[0].name if len(own) == 1 else ""


def nothing_as_yet() -> Look:
    """Of somebody who has no rows."""
    return Look(Rows.PROMPTS, {}, "a model writes the prompts first")


def write(starter: Starter, file: Path) -> None:
    """Write the config, once it is known that it loads. Raises ConfigError where it would not, or nothing can be
    refreshed."""
    if starter.previous:
        find(starter.previous)
    made = text(starter, str(file))
    with TemporaryDirectory() as folder:
        tried = Path(folder, file.name)
        tried.write_text(made, encoding="utf-8")
        load(tried)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, made)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error
