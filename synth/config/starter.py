"""A first config: a few answers become a file with comments, which a person reads and goes on from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources

import jinja2

from synth import yaml_file
from synth.config.purpose import Purpose

_NOTES_FROM = 44  # the column of a comment beside a key
_SAFE_IN_YAML = re.compile(r"[A-Za-z./~](?:[\w./@+-]|:(?=\S))*")
_NOT_TEXT_IN_YAML = {"true", "false", "null", "yes", "no", "on", "off", "~", ".nan", ".inf", ".", ".."}


class Rows(StrEnum):
    """What a row of the data holds: two responses, a list of them, or a prompt alone."""

    PAIRS = "pairs"
    RESPONSES = "responses"
    PROMPTS = "prompts"


FORMATS = {
    Purpose.PREFERENCES: ("pairs", "preference"),
    Purpose.REFRESH: ("pairs", "chat"),
    Purpose.PUBLISH: ("pairs", "preference", "chat"),
}


@dataclass(frozen=True, slots=True)
class Starter:
    """The answers; `only_scenario` is the one of the folder `scenarios`, where it has no more.

    Paths are as the config has them: `data` and `scenarios` relative to its folder, `previous` to the
    folder that judgemill is called in. Empty texts stand for what was not said; without `data` a model writes prompts
    of the `domain`."""

    purpose: Purpose
    name: str
    data: str
    rows: Rows
    columns: Mapping[str, str] = field(default_factory=dict)
    model: str = "local"
    base_url: str = "https://api.openai.com/v1"
    api_key_env: str = "OPENAI_API_KEY"
    responders: tuple[str, ...] = ()
    scenarios: str = ""
    only_scenario: str = ""
    formats: tuple[str, ...] = ()
    previous: str = ""
    license: str = ""
    domain: str = ""
    budget_usd: float | None = None

    @property
    def local(self) -> bool:
        """Whether the teacher is the small model that comes along."""
        return self.model == "local"

    @property
    def scenarios_name(self) -> str:
        """What the config calls the scenarios of the folder."""
        return self.scenarios.rstrip("/").rpartition("/")[2]


def runs_here(model: str) -> bool:
    """Whether a model has no address, as this machine runs it."""
    return model == "local" or model.endswith(".gguf")


def text(starter: Starter, file: str) -> str:
    """The config that is written to `file`, which its comments name."""
    return _template().render(
        starter=starter,
        formats=starter.formats or FORMATS[starter.purpose],
        columns=", ".join(f"{ours}: {_scalar(theirs)}" for ours, theirs in starter.columns.items()),
        runs_here=runs_here,
        file=file,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {"yaml": _scalar, "note": _with_note}
    path = resources.files("synth.config").joinpath("templates/starter.yaml.jinja2")
    return environment.from_string(path.read_text(encoding="utf-8"))


def _with_note(line: str, note: str) -> str:
    return f"{line:<{_NOTES_FROM}}{'' if len(line) < _NOTES_FROM else '  '}# {note}"


def _scalar(value: str) -> str:
    """Text as YAML has it, in quotation marks where it could be taken for anything else."""
    plain = _SAFE_IN_YAML.fullmatch(value) and value.lower() not in _NOT_TEXT_IN_YAML
    return value if plain else yaml_file.quoted(value)
