"""The final answer that a worked solution states, in a form in which answers of several solutions can be compared.

Read is what is called the answer, stands in a `\\boxed{}` (MATH) or behind `####` (GSM8K), or is all that a short text
says. Nothing is taken from running text, whose last number is often not its answer. Two forms are one answer only where
that is beyond doubt: numbers of equal value, letters of a choice, words but for case, marks and white space. Unlike
forms of one expression stay two answers, which at worst costs a majority.
"""

import re
import unicodedata
from fractions import Fraction

_MOST_CHARS = 60  # of a text that is nothing but an answer
_LONGEST = 500  # of an answer whose form is looked at: each pass may take off a word
_STATED = re.compile(
    r"^[^\w\n]*(?:the )?(?:final |correct )?answer[^\w\n]*?:[ \t*_]*(.*)$", re.IGNORECASE | re.MULTILINE
)
_HEADED = re.compile(r"^[^\w\n]*(?:the )?(?:final|correct) answer[^\w\n]*$", re.IGNORECASE | re.MULTILINE)
_IS = re.compile(r"\banswer\s+is\b\s*:?\s*(.+)$", re.IGNORECASE)
_HASHES = re.compile(r"^####[ \t]+(.+)$", re.MULTILINE)
_BOXED = "\\boxed{"


def final_answer(text: str) -> str:
    """As `normalised` has it; empty where none is stated. Of several the last."""
    return normalised(_stated(text))


def _stated(text: str) -> str:
    stated = _STATED.findall(text)
    if stated and stated[-1].strip():
        return str(stated[-1])
    if boxed := _boxed(text):
        return boxed
    headed = [_first_line(text[found.end() :]) for found in (*_STATED.finditer(text), *_HEADED.finditer(text))]
    if headed and headed[-1]:
        return headed[-1]
    if hashes := _HASHES.findall(text):
        return str(hashes[-1])
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and (said := _IS.search(lines[-1])):
        return said[1]
    alone = len(lines) == 1 and len(lines[0].strip()) <= _MOST_CHARS
    return lines[0] if alone and not stated and not _HEADED.match(lines[0]) else ""


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _boxed(text: str) -> str:
    """What stands in the last box that is closed and holds anything, braces in it and all."""
    if _BOXED not in text:
        return ""
    last, opened = (0, 0), []
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            opened.append(brace.end())
        elif opened and (start := opened.pop()) > last[0] and start < brace.start() and text.endswith(_BOXED, 0, start):
            last = start, brace.start()
    return text[slice(*last)]


_WRAPPED = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"\\(?:boxed|text|textbf|mathrm|mathbf|displaystyle)\{([^{}]*)\}",
        r"\$+([^$]+)\$+",
        r"\\\((.+)\\\)",
        r"\\\[(.+)\\\]",
        r"_+([^_]+)_+",
        "[\"'\u2018\u201c](.+)[\"'\u2019\u201d]",
        r"(?:option|choice|answer)\s+(.+)",
        r"the\s+(.+)",
        r"[a-z]\s*=([^=]+)",
    )
)
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]+)\}\{([^{}]+)\}")
_SPACING = re.compile(r"\\[,!;: ]")
_CHOICE = re.compile(r"(?:\(([a-j])\)|([a-j])[.):])(?:\s.*)?|([a-j])", re.DOTALL)
_NUMBER = re.compile(
    r"[$€£¥]?\s*([+-]?)\s*[$€£¥]?((?:\d{1,3}(?:,\d{3})+|\d{1,40})(?:\.\d{1,40})?|\.\d{1,40})(e[+-]?\d{1,2})?"
    r"(?:\s*/\s*(\d{1,40}))?\s*(%?)"
)


def normalised(answer: str) -> str:
    """The same for answers that are beyond doubt the same, and for its own result."""
    before, text = None, answer
    while text != before:
        before, text = text, _simpler(text) if len(text) <= _LONGEST else _plain(text)
    return text


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _simpler(answer: str) -> str:
    """One pass; what it uncovers may need another: of `\\` and a line break is made the spacing `\\ `."""
    text = unicodedata.normalize("NFKC", answer).replace("\u2212", "-").replace("\\%", "%").replace("{,}", ",")
    text = _FRACTION.sub(r"\1/\2", _SPACING.sub("", text))
    text = " ".join(text.casefold().split())
    for wrapped in _WRAPPED:
        if found := wrapped.fullmatch(text):
            text = found[1].strip()
    text = text.rstrip(".,;:!*` ").lstrip("*` ") or text
    if found := _CHOICE.fullmatch(text):
        return next(letter for letter in found.groups() if letter).upper()
    return _number(text) or text


def _number(text: str) -> str:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return ""
    sign, digits, power, divisor, percent = found.groups()
    value = Fraction(f"{sign}{digits.replace(',', '')}{power or ''}")
    if divisor is not None:
        if not int(divisor):
            return ""
        value /= int(divisor)
    return f"{value}{percent}"
