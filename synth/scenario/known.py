"""Every definition by name, the basic sets included, which the catalogue leaves out."""

from collections.abc import Iterable
from pathlib import Path

from synth.scenario import definition
from synth.scenario.catalogue import files, resolve
from synth.scenario.definition import BUILT_IN, Definition
from synth.scenario.model import Scenario


def known(folders: Iterable[Path] = ()) -> dict[str, Definition]:
    """The built-in definitions and those of `folders`, which win. Raises ConfigError as `load` does for a bad file."""
    every = (definition.read(path) for folder in (BUILT_IN, *folders) for path in files(folder))
    return {one.name: one for one in every}


def basic_sets(folders: Iterable[Path] = ()) -> dict[str, Scenario]:
    """The sets of shared criteria that scenarios extend."""
    definitions = known(folders)
    return {name: resolve(one, definitions) for name, one in definitions.items() if one.basic}
