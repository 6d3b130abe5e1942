"""What a critique claims to quote, and whether a text has it.

Quotation marks also stand around terms, suggestions ("it could have said ...") and things that are missing. A passage
counts as a claim where the words around it say none of that; a mark that cannot be paired makes none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from filters.claims import quotes
from filters.slots import mentions
from filters.texts import words

_MARKS = '"“”„«»「」『』'
MARK = re.compile(f"[{_MARKS}]")
_STARTS_ONLY, _ENDS_ONLY = frozenset("“„«「『"), frozenset("”»」』")
_CLOSING = tuple(".,!?)")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f\n](?:(?<=\n)|(?=\s|$))")
_ELLIPSIS = re.compile(r"\s*(?:\.{3,}|…|\[[^\]\n]*\])\s*")

_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_OTHER = re.compile(r"\bthe other (?:one|response|answer|output|assistant)\b", re.IGNORECASE)
_LEAST_WORDS = 2  # one is a term as often as a quotation
_LEAST_LETTERS = 10
_NEAR = 2000  # characters around a passage that tell what it is; a list of a thousand passages may be one sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that a critique claims to quote.

    `slots` are those that the words before it speak of, in the same clause if any there.
    """

    text: str
    slots: frozenset[int]


def claimed(critique: str) -> Iterator[Quote]:
    """The passages a critique claims to quote, of two words and ten letters or more."""
    if not MARK.search(critique):
        return
    prose = _CODE.sub(" ", critique) if "```" in critique else critique
    for paragraph in prose.split("\n"):
        spans = passages(paragraph)
        for index, (start, end) in enumerate(spans):
            text = paragraph[start + 1 : end]
            found = words(text)
            if len(found) < _LEAST_WORDS or sum(map(len, found)) < _LEAST_LETTERS:
                continue
            before, after = _around(paragraph, spans, index)
            if quotes(before, after):
                yield Quote(text, _slots(before[before.rfind("\0") + 1 :]) or _slots(before))


def plain(text: str) -> str:
    """Only what a quotation must keep: words in lower case."""
    return " ".join(words(text))


def holds(plain_text: str, quote: str, similarity: float) -> bool:
    """Whether a text (already `plain`) has the passage, every part of it where it leaves something out with dots."""
    return has(plain_text, parts(quote), similarity)


def parts(quote: str) -> tuple[str, ...]:
    """A passage, `plain`, in the parts between what it leaves out."""
    return tuple(part for part in map(plain, _ELLIPSIS.split(quote)) if part)


def has(plain_text: str, wanted: tuple[str, ...], similarity: float) -> bool:
    """Whether a text (already `plain`) has all `parts` of a passage."""
    for part in wanted:
        if part in plain_text:
            continue
        if len(part) > len(plain_text) or not fuzz.partial_ratio(part, plain_text, score_cutoff=100 * similarity):
            return False
    return True


def passages(paragraph: str) -> list[tuple[int, int]]:
    """Where the marks of each passage stand. A mark opens after a space or bracket, and closes before one or an end."""
    found: list[tuple[int, int]] = []
    opened = -1
    for match in MARK.finditer(paragraph):
        at, mark = match.start(), match.group()
        before, after = paragraph[at - 1 : at], paragraph[at + 1 : at + 2]
        opens = mark in _STARTS_ONLY or (mark not in _ENDS_ONLY and not (before.isalnum() or before in _CLOSING))
        closes = mark in _ENDS_ONLY or (mark not in _STARTS_ONLY and not after.isalnum())
        if opened < 0:
            opened = at if opens else -1
        elif closes and not (opens and before.isspace()):
            found.append((opened, at))
            opened = -1
        else:
            opened = at  # the one before was never closed
    return found


def _around(paragraph: str, spans: list[tuple[int, int]], index: int) -> tuple[str, str]:
    """The rest of the sentence before and after a passage, as far as it is near, other passages in it as gaps."""
    start, end = spans[index]
    before = _with_gaps(paragraph, max(0, start - _NEAR), start, spans[max(0, index - _NEAR) : index])
    after = _with_gaps(paragraph, end + 1, end + 1 + _NEAR, spans[index + 1 : index + _NEAR])
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    before = before[ends[-1] :] if ends else before
    if paragraph[end - 1 : end] in ".!?" and after[1:2].isupper():
        return before, ""
    stop = _SENTENCE_END.search(after)
    return before, after[: stop.start()] if stop else after


def _with_gaps(paragraph: str, start: int, stop: int, spans: list[tuple[int, int]]) -> str:
    made, at = [], start
    for opened, closed in spans:
        if start <= closed and opened < stop:
            made += [paragraph[at:opened], "\0"]
            at = closed + 1
    return "".join([*made, paragraph[at:stop]])


def _slots(text: str) -> frozenset[int]:
    if _OTHER.search(text):
        return frozenset({1, 2})
    return frozenset(one.slot for one in mentions(text) if one.slot)
