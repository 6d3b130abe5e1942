"""Which filters there are, the presets, and how a config chooses among them."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from filters.base import Filter, SetFilter
from filters.benchmarks import loaded
from filters.boilerplate import Boilerplate
from filters.contaminated import Contaminated
from filters.degenerate import Degenerate
from filters.duplicate import Duplicate
from filters.inconsistent import Inconsistent
from filters.injected import Injected
from filters.intransitive import Intransitive
from filters.leaky import Leaky
from filters.malformed import Malformed
from filters.off_target import OffTarget
from filters.order_unstable import OrderUnstable
from filters.protocols_disagree import ProtocolsDisagree
from filters.shallow import Shallow
from filters.stages import Filters
from filters.unbalanced import Unbalanced
from filters.ungrounded import Ungrounded
from synth.errors import ConfigError, meant

Parameters = Mapping[str, Any]

# In the order they run: what cannot be read, what contradicts itself or how the responses were made, the texts, the
# set. A set is balanced last.
FILTERS: tuple[Filter | SetFilter, ...] = (
    Malformed(),
    Inconsistent(),
    OrderUnstable(),
    ProtocolsDisagree(),
    OffTarget(),
    Degenerate(),
    Injected(),
    Shallow(),
    Leaky(),
    Contaminated(),
    Ungrounded(),
    Boilerplate(),
    Intransitive(),
    Duplicate(),
    Unbalanced(),
)
# `minimal` is what earlier systems do. On demand only: `contaminated`, which needs benchmarks, `intransitive`, which
# needs several pairs of a prompt, and `unbalanced`.
PRESETS: dict[str, dict[str, Parameters]] = {
    "minimal": {"malformed": {}, "order_unstable": {"score_margin": None}},
    "default": {
        "malformed": {},
        "inconsistent": {},
        "order_unstable": {},
        "protocols_disagree": {},
        "off_target": {},
        "degenerate": {},
        "injected": {},
        "shallow": {},
        "leaky": {},
        "ungrounded": {},
        "boilerplate": {},
        "duplicate": {},
    },
    "strict": {
        "malformed": {},
        "inconsistent": {"criteria_margin": 2},
        "order_unstable": {"score_margin": 2},
        "protocols_disagree": {"tie_margin": 0.1},
        "off_target": {"tie_margin": 0},
        "degenerate": {"similarity": 0.98},
        "injected": {},
        "shallow": {"min_words": 15, "both_sides": True},
        "leaky": {},
        "ungrounded": {"similarity": 0.9},
        "boilerplate": {"share": 0.25},
        "duplicate": {"similarity": 0.7},
    },
}
_KNOWN = {one.name: type(one) for one in FILTERS}
_NOT_SET = ("name", "ngrams")  # fields that no config sets


def chosen(
    wanted: str | list[str | dict[str, Any]] | dict[str, Any],
    *,
    base: Path = Path(),
    language: str = "auto",
    seed: int = 0,
) -> Filters:
    """What a config's `filters` says: a preset, a list of filters, or a preset with changes.

    An item of a list is a name, `{name: {parameter: value}}`, or a class of the user's as `package.module:Class`; a
    mapping is `{preset: NAME, name: {parameter: value}, other_name: false}`. `base` is the config's folder, from
    which classes and benchmarks are read too. `language` and `seed` are the run's, where the filters say no other.
    `malformed` is always among them: what was not read cannot be kept. Raises ConfigError for what there is not.
    """
    items = _items(wanted)
    run: dict[str, dict[str, Any]] = {"malformed": {"language": language}, "unbalanced": {"seed": seed}}
    made: dict[str, Filter | SetFilter] = {}
    for name, given in items.items():
        one = _made(name, {**run.get(name, {}), **given}, base)
        if one.name in made:
            raise ConfigError(f"filters: two filters are called {one.name!r}; give yours another name")
        made[one.name] = loaded(one, base) if isinstance(one, Contaminated) else one
    place = {name: index for index, name in enumerate(_KNOWN)}
    ordered = sorted(made.values(), key=lambda one: place.get(one.name, place["unbalanced"] - 0.5))
    return Filters(
        tuple(one for one in ordered if isinstance(one, Filter)),
        tuple(one for one in ordered if isinstance(one, SetFilter)),
    )


def parameters(wanted: str | list[str | dict[str, Any]] | dict[str, Any], name: str) -> Parameters:
    """What a config's `filters` sets of one filter; nothing where that is left out or as it comes."""
    return _items(wanted).get(name, {})


def settings(wanted: str | list[str | dict[str, Any]] | dict[str, Any]) -> dict[str, Parameters]:
    """What `chosen` goes by: the parameters that are given, by the filters' names."""
    return _items(wanted)


def _items(wanted: str | list[str | dict[str, Any]] | dict[str, Any]) -> dict[str, Parameters]:
    if isinstance(wanted, str):
        return dict(_preset(wanted))
    items: dict[str, Parameters] = {"malformed": {}}
    if isinstance(wanted, dict):
        items |= _preset(wanted.get("preset", "default"))
        changes = {name: value for name, value in wanted.items() if name != "preset"}
    else:
        changes = {}
        for item in wanted:
            if isinstance(item, dict) and len(item) != 1:
                raise ConfigError(f"filters: an item names one filter, found {len(item)}: {', '.join(map(str, item))}")
            changes |= item if isinstance(item, dict) else {item: {}}
    for name, value in changes.items():
        if value is False:
            if name == "malformed":
                raise ConfigError("filters: malformed cannot be left out; what was not read cannot be kept")
            _class(name) if ":" not in name else None
            items.pop(name, None)
        elif value is None or value is True or isinstance(value, dict):
            items[name] = {**items.get(name, {}), **(value if isinstance(value, dict) else {})}
        else:
            raise ConfigError(f"filters: {name}: found {value!r}; allowed are its parameters as a mapping, or false")
    return items


def _preset(name: Any) -> dict[str, Parameters]:
    if name not in PRESETS:
        raise ConfigError(f"filters: unknown preset {name!r}; {_nearest(str(name), list(PRESETS))}")
    return PRESETS[name]


def _class(name: str) -> type[Filter | SetFilter]:
    if name not in _KNOWN:
        yours = ", or your own as package.module:Class"
        raise ConfigError(f"filters: unknown filter {name!r}; {_nearest(name, list(_KNOWN))}{yours}")
    return _KNOWN[name]


def _made(name: str, parameters: Parameters, base: Path) -> Filter | SetFilter:
    if ":" in name:
        return _yours(name, parameters, base)
    kind = _class(name)
    types: dict[str, Any] = {one.name: one.type for one in fields(kind) if one.name not in _NOT_SET}  # type: ignore[arg-type]
    made = {}
    for parameter, value in parameters.items():
        if parameter not in types:
            known = _nearest(str(parameter), list(types)) if types else "it has no parameters"
            raise ConfigError(f"filters: {name} has no parameter {parameter!r}; {known}")
        try:
            made[parameter] = TypeAdapter(types[parameter]).validate_python(value, strict=True)
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            raise ConfigError(f"filters: {name}.{parameter}: {said[0].lower()}{said[1:]}, found {value!r}") from error
    return kind(**made)


def _yours(path: str, parameters: Parameters, base: Path) -> Filter | SetFilter:
    module_name, _, class_name = path.partition(":")
    with _importable(base):
        try:
            module = importlib.import_module(module_name)
        except Exception as error:  # whatever the user's module does on import
            raise ConfigError(
                f"filters: {path}: cannot import {module_name!r} from {base.resolve()} or the environment: "
                f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            ) from error
    kind = getattr(module, class_name, None)
    if not isinstance(kind, type):
        known = [name for name, value in vars(module).items() if isinstance(value, type)]
        raise ConfigError(f"filters: {path}: {module_name!r} has no class {class_name!r}; {meant(class_name, known)}")
    try:
        one = kind(**parameters)
    except Exception as error:
        raise ConfigError(f"filters: {path}: cannot be made with {dict(parameters)!r}: {error}") from error
    if not isinstance(one, Filter | SetFilter) or not isinstance(one.name, str):
        raise ConfigError(
            f"filters: {path}: is no filter; it needs a `name` and `__call__(judged)` that returns None or a Drop "
            "(filters/README.md)"
        )
    return one


@contextmanager
def _importable(base: Path) -> Iterator[None]:
    sys.path.insert(0, str(base.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(base.resolve()))


def _nearest(found: str, known: list[str]) -> str:
    return f"{meant(found, known)}one of {', '.join(known)}"
