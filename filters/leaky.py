"""Drops pairs whose critiques speak of what their reader cannot see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filters.base import Drop, first
from filters.slots import mentions
from filters.texts import Text, prompt_text, texts, texts_of
from synth.domain import JudgedPair, PointwiseJudgment

_CRITERIA = re.compile(
    r"\b(?:the|these|given|all|provided|listed|specified|evaluation|grading|scoring) (?:\w+ )?criteri(?:a|on)\b"
    r"|\bcriteria (?:list|above|below|given|provided|says?|states?|asks?|requires?)\b|\bcriterion \d|\brubrics?\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:the|a|given|provided) (?:\w+ )?reference (?:answer|response|solution|text)s?\b"
    r"|\breference (?:answer|solution)s?\b|\b(?:the|my) (?:ground[- ]truth|gold(?:en)? answer)\b|\bmy own answer\b",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\b(?:GPT-?[345][\w.-]*|ChatGPT|OpenAI|Claude(?: \d[\w.]*)?|Anthropic|Gemini|PaLM(?:[ -]?2)?|LLaMA[-\w.]*|Vicuna"
    r"|Mistral|Mixtral|Qwen[\w.]*|DeepSeek[\w-]*|SmolLM\w*)\b"
    r"|\bas an? (?:AI|large) language model, I\b",
    re.IGNORECASE,
)
_MODELS = ("gpt", "openai", "claude", "anthropic", "gemini", "palm", "llama", "vicuna", "mistral", "mixtral", "qwen")
# Each with what a text must have for it to be tried at all, in lower case: most texts have none.
_PATTERNS = {
    "names a model": ([*_MODELS, "deepseek", "smollm", "language model"], _MODEL),
    "names the criteria": (["criteri", "rubric"], _CRITERIA),
    "names the reference": (["reference", "ground", "gold", "own answer"], _REFERENCE),
}
_OTHER = re.compile(r"\bthe other (?:response|answer|output|assistant)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Leaky:
    """A critique must make sense to somebody who sees the prompt and the responses alone.

    Auto-J's student never sees the criteria that its teacher was shown; MT-Bench's cleaning takes out model names.
    Names that stand in the prompt, a response or the pair's own reference may be used. `criteria` and `reference` say
    whether those may be spoken of, for a student who is shown them. A slot name is wrong where there is no such slot,
    where one judgment counts its slots by numbers and by letters, or where a response was graded alone.
    Reasons: `names a model`, `names the criteria`, `names the reference`, `wrong slot name`.
    """

    criteria: bool = False
    reference: bool = False
    name: str = "leaky"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return first(self._drops(judged))

    def _drops(self, judged: JudgedPair) -> Iterator[Drop]:
        pair, allowed = judged.pair, self._allowed()
        said = "\n".join(text.words for text in texts(judged)).lower()
        patterns = [
            (reason, there, pattern)
            for reason, (hints, pattern) in _PATTERNS.items()
            if reason not in allowed and (there := [hint for hint in hints if hint in said])
        ]
        for text in texts(judged):
            found = [("wrong slot name", name) for name in _wrong_slots(text)]
            for reason, hints, pattern in patterns:
                lower = text.words.lower()
                if any(hint in lower for hint in hints):
                    found += [(reason, match.group()) for match in pattern.finditer(text.words)]
            if found:
                shown = f"{prompt_text(judged)}\n{pair.response_a}\n{pair.response_b}\n{pair.reference}".casefold()
                for reason, name in found:
                    if name.casefold() not in shown:
                        yield Drop(reason, f"{text.place}: {name!r}")

    def _allowed(self) -> set[str]:
        flags = {"names the criteria": self.criteria, "names the reference": self.reference}
        return {reason for reason, allowed in flags.items() if allowed}


def _wrong_slots(text: Text) -> Iterator[str]:
    found = mentions(text.words)
    if isinstance(text.judgment, PointwiseJudgment):
        yield from (one.name for one in found if one.kind != "ordinal")
        if "the other " in text.words.lower():
            yield from (match.group() for match in _OTHER.finditer(text.words))
    else:
        yield from (one.name for one in found if not one.slot)
        if any(one.kind == "letter" for one in found):
            yield from _mixed(text)


def _mixed(text: Text) -> Iterator[str]:
    """The letters of a text, where its judgment counts by numbers, too."""
    every = [one for each in texts_of(text.judgment) for one in mentions(each.words) if one.slot]
    if any(one.kind == "number" for one in every):
        yield from (one.name for one in mentions(text.words) if one.kind == "letter")
