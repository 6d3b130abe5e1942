"""A version of a dataset, as far as it is compared: its judged pairs without their texts, and how it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from synth.domain import Pair, Side, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """A pair that was judged.

    `content` is the same for the pair and its swap, and where white space and case of the prompt differ; `text` is that
    of the exact texts. `reference` is None where it may be the teacher's own. `first` is the response whose text sorts
    first, by which a pair is told from its swap. `dropped` is the filter that objected and its reason, empty where the
    pair is kept. `asked` is a mark of what the teacher was asked, `said` one of its replies, both empty where that is
    not known; `rescued` is one of the replies of a second round. `shown` is the beginning of the prompt, for people.
    """

    id: str
    content: bytes
    text: bytes
    first: Side
    scenario: str
    verdict: Verdict | None
    reference: str | None = None
    dropped: str = ""
    asked: str = ""
    said: bytes = b""
    rescued: bytes = b""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """How a version was made, in values that are compared and not read. `scenarios` are hashes by name."""

    teacher: Any
    judging: Any
    templates: Any
    filters: Any
    scenarios: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """`made` is None where that is not known, as of a dataset without its manifest. `whole` where the pairs that were
    dropped are among the rows."""

    name: str
    rows: Sequence[Row]
    made: Made | None
    whole: bool = True


def first_side(pair: Pair) -> Side:
    return Side.A if pair.response_a <= pair.response_b else Side.B
