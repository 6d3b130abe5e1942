"""The one door to py3langid: in which language a text is, where it is long enough to say."""

import re
import threading
from contextlib import suppress
from functools import cache
from typing import Any

from filters.texts import words

_WORTH_LOADING = 400
_ENOUGH = 25  # words; short texts are guessed wrong too often
_LONGEST = 400  # characters that are looked at
_SENTENCE_END = re.compile(r"\n+|(?<=[.:!?])\s+|(?<=[\u3002\uff1a\uff01\uff1f])")
_ENGLISH = ("the", "of", "and", "to", "that", "with")
# Code, addresses, quotations, numbers. A set of first characters is searched for in a third of the time.
_NOT_PROSE = re.compile(
    r"[`h\"“\d](?:(?<=`)``.*?(?:```|\Z)|(?<=h)ttps?://\S+|(?<=[\"“])[^\"”\n]{0,300}[\"”]|(?<=\d)\d*)", re.DOTALL
)


def load_for(texts: int) -> None:
    """Read the model while calls are in flight, where there are so many texts that one of them will need it.

    It is half a second's work, of which most leaves other threads alone. The model is unpacked into the folder for
    temporary files; where there is no room, whoever needs it will say so.
    """
    if texts >= _WORTH_LOADING:
        threading.Thread(target=load, daemon=True).start()


def load() -> None:
    import py3langid

    with suppress(OSError):
        py3langid.classify("")


def language(text: str) -> str:
    """ISO 639-1 code, or empty where the prose in it (without code and quotations) is too short to be sure."""
    prose = _prose(text[: 4 * _LONGEST])
    found = words(prose)
    if len(found) < _ENOUGH:
        return ""
    if sum(map(found.count, _ENGLISH)) > len(found) / 10:
        return "en"  # what most critiques are in, in a tenth of the time
    import py3langid

    return str(py3langid.classify(prose)[0])


def _prose(text: str) -> str:
    """The text without what is not prose, as much of it as is looked at."""
    made, length, end = [], 0, 0
    for match in _NOT_PROSE.finditer(text):
        made.append(text[end : match.start()])
        length += len(made[-1]) + 1
        end = match.end()
        if length > _LONGEST:
            break
    else:
        made.append(text[end:])
    return " ".join(made)[:_LONGEST]


def languages(text: str) -> frozenset[str]:
    """The languages of a text and of each of its paragraphs: an instruction may be in another than what it is about."""
    parts = [text, *(part for part in _SENTENCE_END.split(text[:4000]) if len(part) > 15)]
    import py3langid

    return frozenset(str(py3langid.classify(part[:_LONGEST])[0]) for part in parts[:20])


_SURE = 0.99


def surely(text: str) -> str:
    """ISO 639-1 code, or empty where the model is not sure; for texts of any length, short ones as well.

    Of 696 prompts that people wrote to chat models, nearly all in English, it is sure of another language for three.
    """
    found, probability = _with_probability().classify(_prose(text[: 4 * _LONGEST]))
    return str(found) if probability > _SURE else ""


@cache
def _with_probability() -> Any:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def name(code: str) -> str:
    """Of the language with an ISO 639-1 code; empty where there is none."""
    from iso639 import Lang
    from iso639.exceptions import InvalidLanguageValue

    try:
        return str(Lang(code).name) if len(code) == 2 else ""
    except InvalidLanguageValue:
        return ""


@cache
def code(name: str) -> str:
    """The ISO 639-1 code of a language's name or code; empty where it is unknown."""
    from iso639 import Lang
    from iso639.exceptions import InvalidLanguageValue

    for spelling in (name, name.title(), name.lower()):
        try:
            return str(Lang(spelling).pt1)
        except InvalidLanguageValue:
            continue
    return ""
