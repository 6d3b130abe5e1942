"""What a teacher may choose from when a row names no scenario: scenarios, groups and folders, by name."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from synth.errors import ConfigError, meant
from synth.scenario.catalogue import Catalogue, files
from synth.scenario.model import Scenario

UNCERTAIN = "others"
"""The scenario of whatever no other one fits; always on offer."""


def offered(catalogue: Catalogue, folders: Iterable[Path], among: Sequence[str]) -> tuple[Scenario, ...]:
    """The scenarios that `among` names, `others` included, in the catalogue's order; all where it names none.

    Drafts are left out. Raises ConfigError as `named` does, and where nothing but `others` is left.
    """
    refuse_draft(catalogue, UNCERTAIN)
    packs = tuple(folders)
    wanted = {UNCERTAIN}.union(*(named(one, catalogue, packs) for one in among)) if among else catalogue.scenarios
    found = tuple(one for one in catalogue if one.name in wanted and not one.draft)
    if len(found) == 1:
        raise ConfigError(f"nothing but {UNCERTAIN!r} is left to choose from; write `default: {UNCERTAIN}` instead")
    return found


def named(one: str, catalogue: Catalogue, folders: Sequence[Path]) -> frozenset[str]:
    """The scenarios behind one name: a scenario, a group, or one of `folders` by the end of its path.

    A name of both is told apart by a slash: `group/` and `group/scenario`. Raises ConfigError for a name of neither or
    of both, and for a scenario that is a draft.
    """
    group, slash, name = one.rpartition("/")
    members = _members(one, catalogue, folders)
    if not slash and one in catalogue:
        if members - {one}:
            home = catalogue.get(one).group
            raise ConfigError(f"{one!r} is a scenario and a group; write '{home}/{one}' or '{one}/'")
        refuse_draft(catalogue, one)
        return frozenset((one,))
    if not members and name in catalogue and catalogue.get(name).group == group:
        refuse_draft(catalogue, name)
        return frozenset((name,))
    if not members:
        groups = list(dict.fromkeys(scenario.group for scenario in catalogue))
        known = [*catalogue.scenarios, *groups, *(folder.name for folder in folders)]
        raise ConfigError(
            f"unknown scenario, group or folder {one!r}; {meant(one, known)}groups are {', '.join(groups)}; "
            "`judgemill scenarios list` shows all"
        )
    return members


def held_out(catalogue: Catalogue, folders: Iterable[Path], names: Iterable[str]) -> frozenset[str]:
    """The scenarios behind `outputs.held_out`. Raises ConfigError as `named` does."""
    packs = tuple(folders)
    return frozenset().union(*(named(one, catalogue, packs) for one in names))


def _members(one: str, catalogue: Catalogue, folders: Sequence[Path]) -> frozenset[str]:
    of_group = {scenario.name for scenario in catalogue if scenario.group == one.rstrip("/")}
    end = Path(one).expanduser().parts
    of_folder = {path.stem for folder in folders if folder.parts[-len(end) :] == end for path in files(folder)}
    return frozenset(of_group | {name for name in of_folder if name in catalogue})


def full_names(scenarios: Iterable[Scenario]) -> list[str]:
    """`group/scenario`, which `named` takes for this scenario and nothing else."""
    return [f"{one.group}/{one.name}" for one in scenarios]


def refuse_draft(catalogue: Catalogue, name: str) -> None:
    """Raises ConfigError for a scenario that nobody has read yet, or that there is not."""
    if catalogue.get(name).draft:
        raise ConfigError(f"scenario '{name}' is marked `draft: true`; read it, mend it, and take the mark out")
