"""`judgemill scenarios check`: every error and finding in files and folders, a line each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from synth import yaml_file
from synth.errors import ConfigError
from synth.scenario import definition as definitions
from synth.scenario.catalogue import files, resolve
from synth.scenario.definition import BUILT_IN, Definition, Problem
from synth.scenario.lint.rules import findings


@dataclass(slots=True)
class Report:
    """What was looked at, and a line for each thing that is wrong. `drafts` and `silenced` count files."""

    files: int = 0
    criteria: int = 0
    drafts: int = 0
    silenced: int = 0
    errors: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.errors and not self.findings


def check(paths: Iterable[Path] = (BUILT_IN,)) -> Report:
    """Look at files, and at all .yaml files of folders. What they extend may also be built in or stand beside them.

    Raises ConfigError for a path that is neither a file nor a folder with such files.
    """
    report = Report()
    shelf = _Shelf()
    shelf.put(files(BUILT_IN))
    asked: dict[Path, None] = {}
    for given in paths:
        if given.is_file():
            shelf.put(sorted(given.parent.glob("*.yaml")))
            wanted = [given]
        else:
            wanted = files(given)
            report.errors += _clashes(wanted)
        shelf.put(wanted)
        asked |= dict.fromkeys(wanted)
    for path in asked:
        _look_at(path, shelf, report)
    report.errors = list(dict.fromkeys(report.errors))
    return report


class _Shelf:
    """Definitions by file and, those put last winning, by name; the errors of files that have some."""

    def __init__(self) -> None:
        self.by_path: dict[Path, Definition] = {}
        self.by_name: dict[str, Definition] = {}
        self.errors: dict[Path, list[str]] = {}

    def put(self, paths: Iterable[Path]) -> None:
        for path in paths:
            read = _read(path)
            if isinstance(read, Definition):
                self.by_path[path] = self.by_name[read.name] = read
            else:
                self.errors[path] = read

    def broken(self, name: str) -> Path | None:
        """The file that would define `name`, had it no errors."""
        return next((path for path in self.errors if path.stem == name), None)


def _read(path: Path) -> Definition | list[str]:
    try:
        definition = definitions.written(path)
    except ConfigError as error:
        return [str(error)]
    problems = definitions.problems(definition)
    return _lines(path, problems) if problems else definition


def _lines(path: Path, problems: Iterable[Problem]) -> list[str]:
    placed = sorted((yaml_file.line_of(path, keys), message) for keys, message in problems)
    return [f"{path}:{line}: {message}" for line, message in placed]


def _clashes(paths: Iterable[Path]) -> list[str]:
    first: dict[str, Path] = {}
    return [
        f"{path}:1: '{path.stem}' is also defined in {first[path.stem]}; rename one"
        for path in paths
        if first.setdefault(path.stem, path) != path
    ]


def _look_at(path: Path, shelf: _Shelf, report: Report) -> None:
    report.files += 1
    definition = shelf.by_path.get(path)
    if definition is None:
        report.errors += shelf.errors[path]
        return
    report.criteria += len(definition.values["criteria"]) + len(definition.values.get("overrides", {}))
    report.drafts += bool(definition.values.get("draft"))
    report.silenced += bool(definition.values.get("silence"))
    waiting = _on_broken_files(definition, shelf, ())
    if waiting:
        report.errors += waiting
        return
    try:
        scenario = resolve(definition, shelf.by_name)
    except ConfigError as error:
        report.errors.append(str(error))
        return
    found = [(one.keys, f"{one.rule}: {one.message}") for one in findings(definition, scenario)]
    report.findings += _lines(path, found)


def _on_broken_files(definition: Definition, shelf: _Shelf, above: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for index, parent in enumerate(definition.values.get("extends", ())):
        broken = shelf.broken(parent)
        if parent in shelf.by_name and parent not in above:
            found += _on_broken_files(shelf.by_name[parent], shelf, (*above, definition.name))
        elif parent not in shelf.by_name and broken:
            found.append(
                f"{definition.at('extends', index)}: extends '{parent}', whose own file has errors; mend {broken}"
            )
    return found
