"""What one value of a row must be: text, a prompt, a response, a label."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from synth.domain import Message, Prompt, Verdict

_ROLES = ("system", "user", "assistant")


class ValueProblemError(ValueError):
    """What is wrong with one value of a row."""


def is_missing(value: Any) -> bool:
    """None, or the NaN that CSV's empty cells arrive as."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def text(found: Mapping[str, Any], name: str, *, number: bool = False) -> str:
    value = found[name]
    if is_missing(value):
        return ""
    if number and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueProblemError(f"{name} must be text, found {value!r:.60}")
    return _writable(value, name)


def _writable(text: str, name: str) -> str:
    """JSON can escape half a surrogate pair, which is no character and which no table takes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueProblemError(f"{name} holds half a character at position {error.start}") from error
    return text


def response(found: Mapping[str, Any], name: str) -> str:
    said = text(found, name)
    if not said.strip():
        raise ValueProblemError(f"{name} is empty")
    return said


def prompt(value: Any) -> Prompt:
    if isinstance(value, str):
        if not value.strip():
            raise ValueProblemError("prompt is empty")
        return (Message("user", _writable(value, "prompt")),)
    if not isinstance(value, list) or not value:
        raise ValueProblemError(f"prompt must be text or a list of {{role, content}}, found {value!r:.60}")
    turns = tuple(_message(turn) for turn in value)
    if not any(turn.content.strip() for turn in turns):
        raise ValueProblemError("prompt is empty")
    return turns


def responses(value: Any) -> list[tuple[str, str]]:
    """Texts with the names of their models, empty where none is named. A text may be empty: that is marked later."""
    if value == "" or is_missing(value):
        return []
    if not isinstance(value, list):
        raise ValueProblemError(f"responses must be a list of texts or of {{model, text}}, found {value!r:.60}")
    return [_one_response(one) for one in value]


def _one_response(one: Any) -> tuple[str, str]:
    found = {"text": one} if isinstance(one, str) else one
    known = isinstance(found, dict) and set(found) <= {"model", "text"}
    if not known or not isinstance(found.get("text"), str) or not isinstance(found.get("model") or "", str):
        raise ValueProblemError(f"one of the responses must be text or {{model: text, text: text}}, found {one!r:.60}")
    return _writable(found["text"], "responses"), _writable(found.get("model") or "", "responses")


def _message(turn: Any) -> Message:
    if not isinstance(turn, dict) or not isinstance(turn.get("content"), str) or turn.get("role") not in _ROLES:
        raise ValueProblemError(
            f"a turn of the prompt must be {{role: {'|'.join(_ROLES)}, content: text}}, found {turn!r:.60}"
        )
    return Message(turn["role"], _writable(turn["content"], "prompt"))


def label(value: Any) -> Verdict | None:
    if value == "" or is_missing(value):
        return None
    if value not in tuple(Verdict):
        raise ValueProblemError(f"human_label must be a, b or tie, found {value!r:.60}")
    return Verdict(value)


def labels(value: Any) -> tuple[Verdict, ...]:
    """What several annotators said; None among them is one who said nothing."""
    if value == "" or is_missing(value):
        return ()
    if not isinstance(value, list) or any(one is not None and one not in tuple(Verdict) for one in value):
        raise ValueProblemError(f"human_labels must be a list of a, b or tie, found {value!r:.60}")
    return tuple(Verdict(one) for one in value if one is not None)


def majority(labels: tuple[Verdict, ...]) -> Verdict | None:
    """The label with the most votes, None where two have as many."""
    votes = Counter(labels).most_common(2)
    return votes[0][0] if votes and (len(votes) == 1 or votes[0][1] > votes[1][1]) else None
