"""How a description is taken apart, and the words that rules look for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from synth import yaml_file

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[.!?][\"”')])\s+(?=[A-Z])")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|\[[^\]]*\]")
_FAILS = re.compile(
    r"^fail(s|ed|ing)?\b"
    r"|\b(fail(s|ed|ing)?|not met|unmet|violated|broken|missed)\b.{0,40}?\b(if|when|where|whenever|as soon as)\b"
    r"|\b(if|when|where|whenever)\b.{1,200}\b(fails?|(is|counts as) (not met|unmet|violated|broken|missed))\b"
    r"|\b(counts? as a failure|does not (meet|pass|satisfy))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Description:
    """`demand`: the sentences before the first that says what fails. `test`: those that do. Quotations are blanked."""

    demand: str
    test: str


def taken_apart(text: str) -> Description:
    every = sentences(_QUOTED.sub('"..."', text))
    fails = [bool(_FAILS.search(sentence)) for sentence in every]
    demand = every[: fails.index(True)] if True in fails else every
    test = [sentence for sentence, says_so in zip(every, fails, strict=True) if says_so]
    return Description(" ".join(demand), " ".join(test))


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(" ".join(text.split())) if sentence]


@cache
def words(name: str) -> tuple[str, ...]:
    """One list of words.yaml: regular expressions."""
    path = Path(str(resources.files("synth.scenario.lint").joinpath("words.yaml")))
    lists: dict[str, list[str]] = yaml_file.read(path)
    return tuple(lists[name])


@cache
def any_of(*names: str) -> re.Pattern[str]:
    """Any word of these lists of words.yaml."""
    return whole_words(word for name in names for word in words(name))


def whole_words(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(expressions)})(?![\w-])", re.IGNORECASE)


def third_person(verb: str) -> str:
    """Of one of the verbs in words.yaml."""
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|x|z|ch|sh)$", verb) else f"{verb}s"
