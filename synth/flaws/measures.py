"""What can be told of a text and its copy without reading: how long, how alike, what layout, what code."""

import ast
import json
import re
from collections import Counter

from rapidfuzz import fuzz

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n+")
_BLOCK = re.compile(r"```([^\n`]*)\n(.*?)```", re.DOTALL)
_FENCE = re.compile(r"^\s*```[^\n`]*$", re.MULTILINE)
_LAYOUT = {
    "bullets": re.compile(r"^\s*[-*•+]\s+\S", re.MULTILINE),
    "numbers": re.compile(r"^\s*\d+[.)]\s+\S", re.MULTILINE),
    "table": re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE),
    "headings": re.compile(r"^#{1,6}\s+\S", re.MULTILINE),
    "code": re.compile(r"^\s*```", re.MULTILINE),
}
_COMMENT = re.compile(r"(?://|#)[^\n]*|/\*.*?\*/", re.DOTALL)
_PYTHON = ("python", "py", "python3")
_SHORTEST = 12  # characters of a statement


def words(text: str) -> list[str]:
    """The name of a block's language is none of them."""
    return _WORD.findall(_FENCE.sub("", text).casefold())


def longer(original: str, copy: str) -> float:
    """How many times as long the copy is, in characters."""
    return len(copy) / max(len(original), 1)


def alike(original: str, copy: str) -> float:
    """The share of characters that both have in the same order."""
    return fuzz.ratio(original, copy) / 100


def words_kept(original: str, copy: str) -> float:
    """The share of the original's words that stand in the copy, in any order."""
    said, left = Counter(words(original)), Counter(words(copy))
    return (said & left).total() / max(said.total(), 1)


def statements_kept(original: str, copy: str) -> float:
    """The share of the original's sentences that stand in the copy, word for word or nearly."""
    said = [one for one in (part.strip() for part in _SENTENCE.split(original)) if len(one) >= _SHORTEST]
    kept = sum(fuzz.partial_ratio(one, copy) >= 85 for one in said)
    return kept / len(said) if said else float(original.strip() in copy)


def layout(text: str) -> frozenset[str]:
    """Which kinds of layout a text has; none for plain paragraphs."""
    found = {name for name, pattern in _LAYOUT.items() if pattern.search(text)}
    return frozenset(found | ({"json"} if _is_json(text) else set()))


def _is_json(text: str) -> bool:
    bare = text.strip()
    if (block := _BLOCK.fullmatch(bare)) is not None:
        bare = block[2]
    try:
        return isinstance(json.loads(bare), dict | list)
    except ValueError:
        return False


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Language and code of each fenced block."""
    return [(found[1].strip().casefold(), found[2]) for found in _BLOCK.finditer(text)]


def without_code(text: str) -> str:
    return _BLOCK.sub("", text).strip()


def same_code(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two blocks do the same for sure: they differ in white space and comments only."""
    (language, first), (_, second) = one, other
    if language in _PYTHON and (meaning := _python(first)) is not None:
        return meaning == _python(second)
    bare = ["".join(_COMMENT.sub("", code).split()) for code in (first, second)]
    return bare[0] == bare[1]


def _python(code: str) -> str | None:
    """What the code does, whatever its layout; None for what is no Python."""
    try:
        return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError):
        return None
