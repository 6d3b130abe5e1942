"""Heuristic filters: what makes a judged pair untrustworthy, one file each.

`FILTERS` are all there are, in the order they run; a pair is dropped by the first that objects. A config names a preset
or filters.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from filters.base import Drop, Filter
from filters.inconsistent import Inconsistent
from filters.malformed import Malformed
from filters.order_unstable import OrderUnstable
from synth.domain import JudgedPair
from synth.errors import ConfigError, meant

__all__ = ["FILTERS", "PRESETS", "Drop", "Dropped", "Filter", "chosen", "first_objection"]

FILTERS: tuple[Filter, ...] = (Malformed(), Inconsistent(), OrderUnstable())
PRESETS: dict[str, tuple[str, ...]] = {
    "minimal": ("malformed", "order_unstable"),
    "default": ("malformed", "inconsistent", "order_unstable"),
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """The filter that objected, and why."""

    filter: str
    reason: str
    detail: str


def chosen(names: str | Iterable[str]) -> tuple[Filter, ...]:
    """The filters of a preset (one name) or of a list of names, in the order of FILTERS.

    `malformed` is always among them: what was not read cannot be kept. Raises ConfigError for an unknown name.
    """
    if isinstance(names, str):
        if names not in PRESETS:
            raise ConfigError(f"filters: unknown preset {names!r}; {_nearest(names, list(PRESETS))}")
        names = PRESETS[names]
    known = [one.name for one in FILTERS]
    wanted = {"malformed", *names}
    for name in wanted:
        if name not in known:
            raise ConfigError(f"filters: unknown filter {name!r}; {_nearest(name, known)}")
    return tuple(one for one in FILTERS if one.name in wanted)


def first_objection(judged: JudgedPair, by: Iterable[Filter]) -> Dropped | None:
    for one in by:
        drop = one(judged)
        if drop is not None:
            return Dropped(one.name, drop.reason, drop.detail)
    return None


def _nearest(found: str, known: list[str]) -> str:
    return f"{meant(found, known)}one of {', '.join(known)}"
