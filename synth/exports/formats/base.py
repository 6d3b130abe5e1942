"""What a training format is: its columns, the rows it makes of a pair, and how they are read back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, ParseFailure
from synth.exports.student import Setting

Row = dict[str, Any]

TEXT = pa.string()
MESSAGES = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))
# A trainer puts a text prompt and what follows it together as they stand.
SEPARATOR = "\n\n"
GRADED_BEFORE = "the response stands in another pair too"
HOLDS_MARKS = "the words hold the format's own marks"


@dataclass(frozen=True, slots=True)
class Made:
    """A row, what it must say when it is read by the rules of the judge it is for, and what was done to its scores.

    `says` is by slots, as in order ab: a is the response that is shown first.
    """

    row: Row
    says: Judgment
    converted: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that a format cannot hold, and why: a reason to count by."""

    reason: str


Make = Callable[[JudgedPair, Setting], Iterable[Made | LeftOut]]
Read = Callable[[Row], Judgment | ParseFailure]


@dataclass(frozen=True, slots=True)
class Format:
    """A training format by name. A row has all columns of `schema`, in their order and of their types. `single` where
    a row is of one response: one that stands in several pairs of its prompt has one row all the same.

    `make` brings the rows of a pair: one, or one a response where responses are graded alone. `read` is the parser of
    a row by the rules of the judge whose format it is.
    """

    name: str
    about: str
    schema: pa.Schema
    make: Make
    read: Read
    single: bool = False

    def rows(self, judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
        """Every row of a pair, or why it is left out. A row that would be read as something else is left out, too."""
        for one in self.make(judged, setting):
            if isinstance(one, Made) and self.read(one.row) != one.says:
                yield LeftOut(HOLDS_MARKS)
            else:
                yield one
