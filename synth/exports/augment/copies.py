"""Which copies a config asks for, and their ids."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from filters import Drop
from synth.domain import JudgedPair
from synth.exports.augment import reference
from synth.exports.augment.swap import Words, swap

SWAP, SUPPORT, DROP = "swap", "reference", "no-reference"  # what is done, and the end of a copy's id
MARK = "~"


@dataclass(frozen=True, slots=True)
class Augment:
    """What is copied. `swap` says whose words a swapped copy has; None copies nothing.

    `support` copies have the reference in the student's prompt, `drop` copies have it nowhere.
    """

    swap: Words | None = None
    reference: Literal["support", "drop", "both"] | None = None

    def __bool__(self) -> bool:
        return self.swap is not None or self.reference is not None


@dataclass(frozen=True, slots=True)
class Copy:
    """What was done last, and what came of it."""

    kind: str
    made: JudgedPair | Drop


def copies(judged: JudgedPair, augment: Augment, taken: Container[str] = ()) -> Iterator[Copy]:
    """Every copy of a pair, or why there is none: swapped ones, and with and without reference of both.

    Ids are `<id>~swap`, `<id>~no-reference`, `<id>~swap~no-reference`, ..., with a further `~` where one is `taken` by
    a pair of the data. The teacher was asked about none of them.
    """
    bases = [judged]
    if augment.swap is not None:
        copy = _named(SWAP, swap(judged, augment.swap), judged, taken)
        bases += [copy.made] if isinstance(copy.made, JudgedPair) else []
        yield copy
    for base in bases:
        for kind, wanted, make in (
            (SUPPORT, "support", reference.support),
            (DROP, "drop", reference.drop),
        ):
            made = make(base) if augment.reference in (wanted, "both") else None
            if made is not None:
                yield _named(kind, made, base, taken)


def _named(kind: str, made: JudgedPair | Drop, judged: JudgedPair, taken: Container[str]) -> Copy:
    if isinstance(made, Drop):
        return Copy(kind, made)
    name = f"{judged.pair.id}{MARK}{kind}"
    while name in taken:
        name += MARK
    return Copy(kind, replace(made, pair=replace(made.pair, id=name), asked=""))


def copied(name: str, taken: Container[str]) -> bool:
    """Whether the id is that of a copy, where `taken` are the ids of the dataset that it stands in."""
    base, mark, kind = name.rstrip(MARK).rpartition(MARK)
    return bool(mark) and kind in (SWAP, SUPPORT, DROP) and base in taken
