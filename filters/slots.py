"""The names by which a teacher's words call the responses: "Response 1", "Assistant B", "the second answer"."""

import re
from dataclasses import dataclass
from functools import lru_cache

from synth.domain import Order, Side
from synth.parsing import llmbar

# Without re.IGNORECASE, which takes three times as long, and tried only where a noun stands.
_NOUN = r"(?:[Rr]esponse|[Aa]ssistant|[Aa]nswer|[Oo]utput|[Cc]andidate|[Cc]ompletion)s?"
_SLOT = re.compile(rf"\b{_NOUN}\s?\(?(?P<number>\d|[ABab])\)?(?![\w'])|\b[Tt]he (?P<ordinal>first|second) {_NOUN}\b")
_STEMS = ("esponse", "ssistant", "nswer", "utput", "andidate", "ompletion")
_ORDINALS = ("he first ", "he second ")
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
    for match in _matches(text):
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
    named = _with_outputs(text)
    if "(" not in named:
        return None  # no "Output (a)"
    claimed = {claim.slot for claim in llmbar.claims(named)}
    return claimed.pop() if len(claimed) == 1 else None


def without_names(text: str) -> str:
    made, end = [], 0
    for match in _matches(text):
        made.append(text[end : match.start()])
        end = match.end()
    return " ".join([*made, text[end:]])


@lru_cache(maxsize=256)
def _matches(text: str) -> tuple[re.Match[str], ...]:
    """What `_SLOT.finditer` brings, in a fifth of the time."""
    nouns = []  # where they begin
    for stem in _STEMS:
        at = text.find(stem, 1)
        while at > 0:
            nouns.append(at - 1)
            at = text.find(stem, at + 1)
    found: list[re.Match[str]] = []
    end = 0
    for noun in sorted(nouns):
        match = None
        if text.endswith(_ORDINALS, 0, noun):
            begin = text.rindex("he ", 0, noun) - 1
            match = _SLOT.match(text, begin) if begin >= end else None
        if match is None and noun >= end:
            match = _SLOT.match(text, noun)
        if match:
            found.append(match)
            end = match.end()
    return tuple(found)


def _with_outputs(text: str) -> str:
    made, end = [], 0
    for one in mentions(text):
        if one.slot:
            made += [text[end : one.start], f"Output ({'ab'[one.slot - 1]})"]
            end = one.start + len(one.name)
    return "".join([*made, text[end:]])
