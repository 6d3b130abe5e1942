"""Where a text names the slots, and the same words for the other slot. The wordings are English ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOUN = r"(?i:response|assistant|answer|output|candidate|completion|reply|replies)"
_SEP = r"(?:[ \t]?[#(]?|[-_])"
_VERB = (
    r"(?:is|was|are|were|has|have|had|does|do|did|gives?|gave|provides?|provided|offers?|includes?|lacks?|fails?|seems"
    r"|appears|shows?|uses?|explains?|covers?|stays|follows?|would|could|should|can|cannot|may|might|will|scores?|gets"
    r"|wins?|loses?|also|only|both|better|more|less|because|while|but|and|or|nor|as|in|on|at|by|for|from|to|than|over"
    r"|vs|versus|with|without|simply|however|on the other hand|instead|respectively|alone)\b"
)
_END = r"(?!\w|[.,:/-]\d|%)"
_THEN = rf"(?=\)?[*_]*(?:['\u2019]s\b|\s*(?:$|[^\w\s])|\s+{_VERB}))"  # for marks that could also count something
_ADJECTIVE = r"(?:(?i:AI|assistant|model|candidate|given|provided)(?:['\u2019]s)? )?"

_PAIRS = (("1", "2"), ("A", "B"), ("a", "b"), ("one", "two"), ("first", "second"), ("1st", "2nd"), ("former", "latter"))
FLIP = dict(_PAIRS) | {second: first for first, second in _PAIRS}
SLOT = {mark: place for pair in _PAIRS for place, mark in enumerate(pair, 1)}

_JOIN = r"\s?(?:,|/|&|and|or|nor|vs\.?|versus)\s?"
_NUMBERED = re.compile(
    rf"\b(?P<noun>{NOUN})(?P<many>s)?{_SEP}(?P<mark>[12]|[AB]|(?<=\()[ab]|(?i:one|two)){_END}\)?"
    rf"(?:{_JOIN}\(?(?P<also>[12]|[AB]|(?<=\()[ab]|(?i:one|two)){_END}(?(many)|{_THEN})\)?)?"
)
_MORE = re.compile(rf"{_JOIN}\(?(?:[12AB]|[ab]\)|(?i:one|two))\b")
_ORDINAL = re.compile(
    r"\b(?P<mark>(?i:first|second|1st|2nd))"
    rf"(?: (?:and|or|nor|vs\.?|versus) (?:the )?(?P<also>(?i:first|second|1st|2nd)))? {_ADJECTIVE}(?P<noun>{NOUN})s?\b"
)
# "answers two questions", "outputs 2 lines": what also is a verb, before what also is a count.
_COUNTS = re.compile(r"(?:answers?|outputs?|reply|replies)[ \t]?[12]|[a-z]+[ \t]?(?:one|two)")


@dataclass(frozen=True, slots=True)
class Name:
    """A slot's name in a text, or those of both ("Responses 1 and 2"): its words, and the places of its marks."""

    start: int
    end: int
    noun: str
    kind: str
    marks: tuple[tuple[int, int], ...]
    slots: tuple[int, ...]
    sure: bool


def names(text: str) -> list[Name]:
    """In the order of the text. One is not `sure` where the same words could count something ("answers 2")."""
    return sorted((*_numbered(text), *_ordinal(text)), key=lambda name: name.start)


def flipped(text: str, marks: list[tuple[int, int]]) -> str:
    """The text with each of these marks made the other slot's, in the same case."""
    made, end = [], 0
    for start, stop in sorted(marks):
        made += [text[end:start], _other(text[start:stop])]
        end = stop
    return "".join([*made, text[end:]])


def _other(mark: str) -> str:
    other = FLIP.get(mark) or FLIP[mark.lower()]
    return other if mark in FLIP else other.capitalize() if mark.istitle() else other.upper()


def _numbered(text: str) -> Iterator[Name]:
    for match in _NUMBERED.finditer(text):
        mark = match["mark"]
        kind = "number" if mark.isdigit() else "word" if len(mark) > 1 else "letter"
        counts = _COUNTS.fullmatch(text, match.start(), match.end("mark")) is not None
        sure = not counts or (_then(text, match.end("mark")) and not (kind == "word" and not _both_words(text)))
        if match["also"] and (match["also"].lower() == mark.lower() or len(match["also"]) != len(mark)):
            sure = False
        elif not match["also"] and _MORE.match(text, match.end()):
            sure = False  # "Response 1 and 2 examples"
        yield _name(match, kind, sure)


def _ordinal(text: str) -> Iterator[Name]:
    for match in _ORDINAL.finditer(text):
        yield _name(match, "ordinal", (match["also"] or "").lower() != match["mark"].lower())


def _name(match: re.Match[str], kind: str, sure: bool) -> Name:
    marks = tuple(match.span(group) for group in ("mark", "also") if match[group])
    slots = tuple(SLOT.get(match[group]) or SLOT[match[group].lower()] for group in ("mark", "also") if match[group])
    return Name(match.start(), match.end(), match["noun"].lower(), kind, marks, slots, sure)


_AFTER = re.compile(_THEN)
_WORD_ONE = re.compile(rf"\b{NOUN} (?i:one)\b")
_WORD_TWO = re.compile(rf"\b{NOUN} (?i:two)\b")


def _then(text: str, at: int) -> bool:
    return _AFTER.match(text, at) is not None


def _both_words(text: str) -> bool:
    return _WORD_ONE.search(text) is not None and _WORD_TWO.search(text) is not None
