"""What the teacher wrote about a pair, text by text, and the words in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from synth.domain import JudgedPair, Judgment, PairwiseJudgment, Side

# A character of Chinese, Japanese or Korean counts as a word, as there are no spaces to go by.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[a-z0-9_]+(?!\w)|[{_CJK}]|[^\W{_CJK}]+")
# The same in a seventh of the time, for what is written in ASCII but for these marks.
_TYPOGRAPHIC = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u2022"
_NO_WORDS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "_"}


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a judgment. `about` is the response it speaks of, None where it compares both."""

    place: str
    words: str
    about: Side | None
    judgment: Judgment


_recent: dict[int, tuple[Judgment, tuple[Text, ...]]] = {}  # by identity, as hashing a judgment takes longer
_MOST_RECENT = 64


def texts_of(judgment: Judgment) -> tuple[Text, ...]:
    """All texts of a judgment that say something, but for a written reference."""
    known = _recent.get(id(judgment))
    if known is None:
        if len(_recent) >= _MOST_RECENT:
            _recent.clear()
        known = _recent[id(judgment)] = judgment, _texts_of(judgment)
    return known[1]


def _texts_of(judgment: Judgment) -> tuple[Text, ...]:
    if isinstance(judgment, PairwiseJudgment):
        place = f"pairwise {judgment.order}"
        every: tuple[Text, ...] = (
            Text(f"{place} comparison", judgment.comparison, None, judgment),
            Text(f"{place} critique_a", judgment.critique_a, Side.A, judgment),
            Text(f"{place} critique_b", judgment.critique_b, Side.B, judgment),
        )
    else:
        place, side = f"pointwise {judgment.response}", judgment.response
        every = (
            Text(f"{place} critique", judgment.critique, side, judgment),
            *(Text(f"{place} {one.criterion}", one.comment, side, judgment) for one in judgment.criteria),
        )
    return tuple(text for text in every if text.words.strip())


def texts(judged: JudgedPair) -> Iterator[Text]:
    for judgment in judged.judgments:
        yield from texts_of(judgment)


@lru_cache(maxsize=256)  # one filter after the other looks at the texts of a pair
def words(text: str) -> tuple[str, ...]:
    """In lower case, without punctuation."""
    plain = text
    if not text.isascii():
        for mark in _TYPOGRAPHIC:
            plain = plain.replace(mark, " ")
        if not plain.isascii():
            return tuple(_WORD.findall(text.casefold()))
    return tuple(plain.lower().translate(_NO_WORDS).split())


def prompt_text(judged: JudgedPair) -> str:
    return "\n".join(message.content for message in judged.pair.prompt)
