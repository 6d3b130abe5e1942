"""Which parts of a critique are other texts' words: quotations and code."""

import re
from collections.abc import Iterator

from filters.quotes import MARK, passages

GAP = "\0"
_CODE = re.compile(r"```.*?(?:```|\Z)|(?<!`)`[^`\n]+`(?!`)|^[ \t]*>[^\n]*", re.DOTALL | re.MULTILINE)
# In single marks: what opens it is no apostrophe, nor is what closes it.
_SINGLE = re.compile(r"(?<!\w)['\u2018](?=\S)(?:[^'\u2018\u2019\n]|(?<=\w)['\u2019](?=\w)){1,400}['\u2019](?!\w)")
_LINE = re.compile(r"[^\n]+")


def quoted(text: str) -> tuple[list[str], str]:
    """The passages, and the text with gaps of the same length in their place."""
    found: list[str] = []
    for spans in (_code, _marked, _single):
        for start, end in list(spans(text)):
            found.append(text[start:end])
            text = text[:start] + GAP * (end - start) + text[end:]
    return found, text


def unpaired(gapped: str) -> bool:
    """Whether a quotation mark is left over, so that nobody can tell where a quotation ends."""
    return bool(MARK.search(gapped))


def _code(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _CODE.finditer(text))


def _marked(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        yield from ((line.start() + start, line.start() + end + 1) for start, end in passages(line.group()))


def _single(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _SINGLE.finditer(text))
