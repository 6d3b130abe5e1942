"""The names by which a teacher's words call the responses: "Response 1", "Assistant B", "the second answer"."""

import re
from dataclasses import dataclass
from functools import lru_cache

from synth.domain import Order, ParseFailure, Side
from synth.parsing import llmbar

# Without re.IGNORECASE, which takes three times as long.
_NOUN = r"(?:[Rr]esponse|[Aa]ssistant|[Aa]nswer|[Oo]utput|[Cc]andidate|[Cc]ompletion)s?"
_SLOT = re.compile(rf"\b{_NOUN}\s?\(?(?P<number>\d|[ABab])\)?(?![\w'])|\b[Tt]he (?P<ordinal>first|second) {_NOUN}\b")
_FIRST = frozenset({"1", "a", "first"})
_SECOND = frozenset({"2", "b", "second"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: where it stands, what it says, and the slot it means (0 where there is no such slot)."""

    start: int
    name: str
    slot: int
    kind: str


@lru_cache(maxsize=256)  # one filter after the other looks at the texts of a pair
def mentions(text: str) -> tuple[Mention, ...]:
    found = []
    for match in _SLOT.finditer(text):
        name = match.group()
        mark = (match["number"] or match["ordinal"]).lower()
        if mark == "a" and not name.rstrip(")").endswith("A") and "(" not in name:
            continue  # "give the response a try"
        kind = "ordinal" if match["ordinal"] else "number" if mark.isdigit() else "letter"
        found.append(Mention(match.start(), name, 1 if mark in _FIRST else 2 if mark in _SECOND else 0, kind))
    return tuple(found)


def side(slot: int, order: Order) -> Side:
    return order.first if slot == 1 else order.second


def stated_winner(text: str) -> int | None:
    """The slot that the words call better; None where they name none, or each in turn.

    The wordings are those that LLMBar's recorded judges use, whatever the slots are called.
    """
    if "better" not in text and "best" not in text and "superior" not in text and "prefer" not in text:
        return None
    claim = llmbar.find_verdict(_with_outputs(text))
    return None if isinstance(claim, ParseFailure) else claim.slot


@lru_cache(maxsize=256)
def without_names(text: str) -> str:
    return _SLOT.sub(" ", text)


def _with_outputs(text: str) -> str:
    made, end = [], 0
    for one in mentions(text):
        if one.slot:
            made += [text[end : one.start], f"Output ({'ab'[one.slot - 1]})"]
            end = one.start + len(one.name)
    return "".join([*made, text[end:]])
