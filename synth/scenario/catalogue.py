"""All scenarios a run can use, by name, with inheritance resolved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synth.errors import ConfigError, meant
from synth.scenario import definition
from synth.scenario.definition import BUILT_IN, Definition
from synth.scenario.model import Criterion, Scenario


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Scenarios by name, in the order of their groups and names. Basic sets are not among them."""

    scenarios: Mapping[str, Scenario]

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.scenarios.values())

    def __contains__(self, name: object) -> bool:
        return name in self.scenarios

    def get(self, name: str) -> Scenario:
        """Raises ConfigError naming the nearest known scenarios."""
        if name in self.scenarios:
            return self.scenarios[name]
        near, count = meant(name, self.scenarios), len(self.scenarios)
        listed = f"`judgemill scenarios list` shows all {count}, and with --folder those of your own"
        raise ConfigError(f"unknown scenario {name!r}; {near}{listed}")


def load(folders: Iterable[Path] = ()) -> Catalogue:
    """The built-in scenarios and those of `folders`; a file there replaces a built-in one of the same name.

    Raises ConfigError for a file that breaks the schema, a dangling or circular `extends`, or a clash of names.
    """
    definitions: dict[str, Definition] = {}
    for folder in (BUILT_IN, *folders):
        found: dict[str, Definition] = {}
        for path in files(folder):
            read = definition.read(path)
            if read.name in found:
                raise ConfigError(f"{read.at('name')}: '{read.name}' is also defined in {found[read.name].path}")
            found[read.name] = read
        definitions |= found
    resolved = {name: resolve(one, definitions) for name, one in definitions.items() if not one.basic}
    return Catalogue(dict(sorted(resolved.items(), key=lambda item: (item[1].group, item[0]))))


def files(folder: Path) -> list[Path]:
    """The scenario files of a folder and its subfolders. Raises ConfigError where there are none."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder of scenarios; {_beside(folder)}")
    found = sorted(folder.rglob("*.yaml"))
    if not found:
        raise ConfigError(f"{folder}: no .yaml file in this folder of scenarios")
    return found


def _beside(folder: Path) -> str:
    """Which folder may be meant."""
    there = [one.name for one in folder.parent.iterdir() if one.is_dir()] if folder.parent.is_dir() else []
    near = meant(folder.name, there)
    return f"{near}it is looked for in {folder.parent.resolve()}"


def resolve(one: Definition, definitions: Mapping[str, Definition]) -> Scenario:
    """The scenario with inherited criteria first, exclusions taken out and overrides in place."""
    values = one.values
    return Scenario(
        name=one.name,
        group=one.group,
        definition=values["definition"],
        criteria=tuple(_criteria(one, definitions, ())),
        choose_when=values.get("choose_when", ""),
        solve_first=values.get("solve_first", _inherited(one, definitions, "solve_first", False)),
        scale=values.get("scale", _inherited(one, definitions, "scale", None)),
        examples=tuple(values.get("examples", ())),
        draft=values.get("draft", False),
    )


def _inherited(one: Definition, definitions: Mapping[str, Definition], key: str, default: Any) -> Any:
    for parent in one.values.get("extends", ()):
        values = definitions[parent].values
        found = values[key] if key in values else _inherited(definitions[parent], definitions, key, None)
        if found is not None:
            return found
    return default


def _criteria(one: Definition, definitions: Mapping[str, Definition], above: tuple[str, ...]) -> Iterator[Criterion]:
    if one.name in above:
        circle = " -> ".join((*above[above.index(one.name) :], one.name))
        raise ConfigError(f"{one.at('extends')}: {circle} goes in a circle; drop one 'extends'")
    inherited: dict[str, Criterion] = {}
    for index, parent in enumerate(one.values.get("extends", ())):
        if parent not in definitions:
            near = f"; {meant(parent, definitions)}".rstrip("; ")
            raise ConfigError(f"{one.at('extends', index)}: extends '{parent}', which no file defines{near}")
        for criterion in _criteria(definitions[parent], definitions, (*above, one.name)):
            inherited.setdefault(criterion.name, criterion)
    for key in ("exclude", "overrides"):
        for index, name in enumerate(one.values.get(key, ())):
            if name not in inherited:
                where = one.at(key, index if key == "exclude" else name)
                raise ConfigError(f"{where}: '{name}' is not inherited; inherited are {', '.join(inherited) or 'none'}")
    own = [_criterion(values, one.name) for values in one.values["criteria"]]
    for index, criterion in enumerate(own):
        if criterion.name in inherited:
            raise ConfigError(
                f"{one.at('criteria', index)}: criterion '{criterion.name}' is inherited from "
                f"'{inherited[criterion.name].origin}'; change it under 'overrides' or rename it"
            )
    for name, criterion in inherited.items():
        if name not in one.values.get("exclude", ()):
            changes = one.values.get("overrides", {}).get(name)
            yield replace(criterion, **_fields(changes), origin=one.name) if changes else criterion
    yield from own


def _criterion(values: dict[str, Any], origin: str) -> Criterion:
    return Criterion(**_fields(values), origin=origin)


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    fields = dict(values)
    if "rubric" in fields:
        fields["rubric"] = tuple(sorted((int(score), meaning) for score, meaning in fields["rubric"].items()))
    return fields
