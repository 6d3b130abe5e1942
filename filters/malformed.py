"""Drops pairs of which a judgment is missing, or is none: not readable, refused, without words, in another language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from filters.base import Drop, first
from filters.language import code, language, languages
from filters.slots import without_names
from filters.texts import prompt_text, texts_of, words
from synth.domain import Failure, JudgedPair, Judgment, PairwiseJudgment

_REFUSES = re.compile(
    r"\W*(?:(?:i['\u2019]m|i am|we are) (?:very |really |so )?sorry\b.{0,60}?|(?:i )?apologi[sz]e\b.{0,60}?"
    r"|sorry\b.{0,20}?|unfortunately,? |as an ai\b.{0,60}?|as a large language model\b.{0,60}?)?"
    r"\bi(?: am|['\u2019]m)? ?(?:can(?:no|['\u2019])t|can not|won['\u2019]t|will not|unable to|not able to"
    r"|must decline to|refuse to|decline to|do not feel comfortable|don['\u2019]t feel comfortable)\b"
    r".{0,40}?\b(?:assist|help|judge|evaluat|compar|grad|rat(?:e|ing)|provid|fulfil|comply|engag|continu|discuss|respond)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Malformed:
    """Every ask must have brought a judgment, in words where the others have words, in the right language.

    All systems drop what they cannot parse (JudgeLM, section 3; PandaLM, section 3.1); Auto-J keeps replies that ended
    by themselves. `language` is what critiques are to be written in, `auto` for that of the prompt; only texts of 25
    words and more are judged by it. `bare` says what becomes of judgments without a word, which some reply formats
    have: where a whole protocol has none, they are kept by default.

    Reasons: `call failed`, `empty`, `refused`, `truncated`, `unreadable`, `not judged`, of imported votes
    `not majority` and `not unanimous`; `empty critique`, `wrong language`. Where several hold, the first in the
    alphabet counts, as the first ask would depend on which response is called a.
    """

    language: str = "auto"
    bare: Literal["keep", "drop"] = "keep"
    name: str = "malformed"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        if judged.failures:
            return first(map(_failed, judged.failures))
        if not judged.judgments:
            return Drop("not judged", "no judgment of this pair")
        return first(_refusals(judged)) or first(self._silent(judged)) or first(self._in_another_language(judged))

    def _silent(self, judged: JudgedPair) -> Iterator[Drop]:
        for group in (judged.comparisons, judged.grades):
            empty = [one for one in group if _empty(one)]
            said = (words(without_names(text.words)) for one in group for text in texts_of(one))
            if empty and (self.bare == "drop" or any(said)):
                for one in empty:
                    yield Drop("empty critique", f"{_place(one)}: a response is judged without a word")

    def _in_another_language(self, judged: JudgedPair) -> Iterator[Drop]:
        prompt = prompt_text(judged)
        wanted = language(prompt) if self.language == "auto" else code(self.language)
        if not wanted:
            return  # the prompt is too short to tell, or the name of a language that nobody knows
        for one in judged.judgments:
            found = language("\n".join(text.words for text in texts_of(one)))
            if found and found != wanted and not (self.language == "auto" and found in languages(prompt)):
                yield Drop("wrong language", f"{_place(one)}: in {found}, not {wanted}")


def _empty(one: Judgment) -> bool:
    """Whether a response is judged without a word."""
    if isinstance(one, PairwiseJudgment) and bool(one.critique_a.strip()) != bool(one.critique_b.strip()):
        return True
    return not texts_of(one)


def _place(one: Judgment) -> str:
    return f"pairwise {one.order}" if isinstance(one, PairwiseJudgment) else f"pointwise {one.response}"


def _failed(failure: Failure) -> Drop:
    refused = failure.reason == "unreadable" and _REFUSES.match(failure.raw)
    return Drop("refused" if refused else failure.reason, f"{failure.ask.name}: {failure.detail}")


def _refusals(judged: JudgedPair) -> Iterator[Drop]:
    for one in judged.judgments:
        for text in texts_of(one):
            if _REFUSES.match(text.words):
                yield Drop("refused", f"{text.place}: {text.words[:80]}")
