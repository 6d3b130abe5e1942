"""The YAML of a new scenario, for a person to edit and an editor to check."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from synth.scenario.definition import BUILT_IN, Definition

_WIDTH = 112
_NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def yaml_text(definition: Definition, note: str) -> str:
    """The file: editors read its first line. `note` says in a line or two where the draft comes from."""
    values = definition.values
    lines = [f"# yaml-language-server: $schema={schema_reference(definition.path)}"]
    lines += [f"# {line}" for line in wrap(one_line(note), _WIDTH)]
    lines += [f"name: {values['name']}", "draft: true  # judgemill run refuses the scenario until this line is gone"]
    lines += _folded("definition", values["definition"], 0)
    lines += _folded("choose_when", values["choose_when"], 0)
    if "extends" in values:
        lines.append(f"extends: [{', '.join(values['extends'])}]")
    lines.append("criteria:")
    for criterion in values["criteria"]:
        lines += _criterion(criterion)
    lines.append("examples:")
    lines += [f"  - {json.dumps(one_line(example), ensure_ascii=False)}" for example in values["examples"]]
    return "\n".join(lines) + "\n"


def schema_reference(path: Path) -> str:
    """The schema as a file at `path` names it: relative beside the built-in definitions, else absolute."""
    schema, folder = (BUILT_IN / "scenario.schema.json").resolve(), path.resolve().parent
    if folder.is_relative_to(schema.parent.parent):
        return Path(os.path.relpath(schema, folder)).as_posix()
    return schema.as_uri() if re.search(r"\s", str(schema)) or os.name == "nt" else str(schema)


def _criterion(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - name: {values['name']}"
    yield f"    type: {values['type']}"
    yield f"    objective: {'true' if values['objective'] else 'false'}"
    if values.get("applies_when"):
        yield from _folded("applies_when", values["applies_when"], 4)
    yield from _folded("description", values["description"], 4)


def _folded(key: str, text: str, indent: int) -> Iterator[str]:
    """A block that YAML reads as one line, whatever its characters."""
    yield f"{' ' * indent}{key}: >-"
    inner = " " * (indent + 2)
    yield from wrap(
        one_line(text),
        _WIDTH,
        initial_indent=inner,
        subsequent_indent=inner,
        break_long_words=False,
        break_on_hyphens=False,
    )


def one_line(text: str) -> str:
    """One line, without the characters that YAML does not take."""
    return " ".join(_NOT_IN_YAML.sub(" ", text).split())
