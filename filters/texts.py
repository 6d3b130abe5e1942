"""What the teacher wrote about a pair, text by text, and the words in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from synth.domain import JudgedPair, Judgment, PairwiseJudgment, Side

# A character of Chinese, Japanese or Korean counts as a word, as there are no spaces to go by.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[a-z0-9_]+(?!\w)|[{_CJK}]|[^\W{_CJK}]+")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a judgment. `about` is the response it speaks of, None where it compares both."""

    place: str
    words: str
    about: Side | None
    judgment: Judgment


@lru_cache(maxsize=64)
def texts_of(judgment: Judgment) -> tuple[Text, ...]:
    """All texts of a judgment that say something, but for a written reference."""
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
    return tuple(_WORD.findall(text.casefold()))


def prompt_text(judged: JudgedPair) -> str:
    return "\n".join(message.content for message in judged.pair.prompt)
