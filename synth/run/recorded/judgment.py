"""One recorded judgment, from the object that a row holds for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from synth.domain import (
    Ask,
    Failure,
    Judgment,
    Order,
    PairwiseJudgment,
    ParseFailure,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.errors import meant
from synth.parsing.formats import ReplyFormat

_ENDLESS = 1e9  # and JSON can say Infinity, NaN, and whole numbers that no float holds
_OF_BOTH = ("teacher", "protocol", "critique", "reply")
_KEYS = {
    Protocol.PAIRWISE: ("order", "verdict", "score_a", "score_b", *_OF_BOTH),
    Protocol.POINTWISE: ("response", "score", *_OF_BOTH),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a teacher said to one ask: a judgment, or why there is none; and its reply, where the file has it."""

    ask: Ask
    teacher: str
    outcome: Judgment | Failure
    reply: str = ""


class RecordError(ValueError):
    """What is wrong with a recorded judgment, so that its row cannot be used."""


def recorded(found: Any, form: ReplyFormat | None) -> Recorded:
    """Read one object of `judgments`. Raises RecordError for what is no judgment.

    A reply is read where there is a format for it, and then it is what counts: a verdict or scores beside it must be
    the same, else nobody knows what the teacher said. A reply that cannot be read and an empty verdict are failures,
    which is a value. Scores are on whatever scale the teacher had.
    """
    if not isinstance(found, Mapping):
        raise RecordError(f"a judgment is an object, found {found!r:.60}")
    protocol = _one_of(found, "protocol", Protocol)
    for key, value in found.items():
        if key not in _KEYS[protocol] and value is not None:  # parquet has every key in every judgment
            raise RecordError(
                f"unknown key {key!r} of a {protocol} judgment; {meant(str(key), _KEYS[protocol])}"
                f"allowed are {', '.join(_KEYS[protocol])}"
            )
    teacher = _text(found, "teacher")
    if not teacher.strip():
        raise RecordError("teacher is missing; whose judgment is it?")
    if protocol is Protocol.PAIRWISE:
        ask = Ask(protocol, order=_one_of(found, "order", Order))
    else:
        ask = Ask(protocol, response=_one_of(found, "response", Side))
    reply = _text(found, "reply")
    stated = _stated(found, ask)
    if form is None or found.get("reply") is None:
        if stated is None and found.get("reply") is not None and not _says(found):
            raise RecordError("has a reply and no verdict or score; --reply-format says how to read it")
        outcome = stated or Failure(ask, "unreadable", "the file gives no verdict" if ask.order else "no score")
    else:
        outcome = _read(reply, ask, form)
        if stated is not None and not isinstance(outcome, Failure):
            outcome = _same(outcome, stated, reply)
    return Recorded(ask, teacher, _with_critique(outcome, _text(found, "critique")), reply)


def _says(found: Mapping[str, Any]) -> bool:
    """Whether the verdict or score is given, even as null: a judgment that is known to have none."""
    return "verdict" in found or "score" in found


def _stated(found: Mapping[str, Any], ask: Ask) -> Judgment | None:
    """What the file itself says, None where it leaves the verdict or the score empty."""
    if ask.order is None:
        score = _score(found, "score")
        return None if score is None else PointwiseJudgment(ask.response or Side.A, score)
    scores = _score(found, "score_a"), _score(found, "score_b")
    if (scores[0] is None) != (scores[1] is None):
        raise RecordError("score_a and score_b go together; one of them is missing")
    if found.get("verdict") is None:
        return None
    return PairwiseJudgment(ask.order, _one_of(found, "verdict", Verdict), *scores)


def _read(reply: str, ask: Ask, form: ReplyFormat) -> Judgment | Failure:
    read: Judgment | ParseFailure
    if ask.order is not None:
        if form.pairwise is None:
            raise RecordError(f"the reply format {form.name} has no comparisons, only grades of one response")
        read = form.pairwise(reply, ask.order)
    else:
        if form.pointwise is None:
            raise RecordError(f"the reply format {form.name} has no grades of one response; give the score itself")
        read = form.pointwise(reply, ask.response or Side.A)
    if isinstance(read, ParseFailure):
        return Failure(ask, "unreadable" if reply.strip() else "empty", read.reason, reply)
    return read


def _same(read: Judgment, stated: Judgment, reply: str) -> Judgment | Failure:
    """What the reply says, where the file says the same; scores that only the file has are taken over."""
    for said, given in zip(_claims(read), _claims(stated), strict=True):
        if said is not None and given is not None and said != given:
            return Failure(_ask(read), "unreadable", f"the reply says {_plain(said)}, the file {_plain(given)}", reply)
    if isinstance(read, PairwiseJudgment) and isinstance(stated, PairwiseJudgment) and read.score_a is None:
        return replace(read, score_a=stated.score_a, score_b=stated.score_b)
    return read


def _claims(one: Judgment) -> tuple[Verdict | float | None, ...]:
    return (one.verdict, *_scores(one)) if isinstance(one, PairwiseJudgment) else _scores(one)


def _scores(one: Judgment) -> tuple[float | None, ...]:
    return (one.score_a, one.score_b) if isinstance(one, PairwiseJudgment) else (one.score,)


def _ask(one: Judgment) -> Ask:
    if isinstance(one, PairwiseJudgment):
        return Ask(Protocol.PAIRWISE, order=one.order)
    return Ask(Protocol.POINTWISE, response=one.response)


def _plain(value: Verdict | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _with_critique(outcome: Judgment | Failure, critique: str) -> Judgment | Failure:
    if not critique or isinstance(outcome, Failure):
        return outcome
    if isinstance(outcome, PairwiseJudgment):
        return replace(outcome, comparison=critique)
    return replace(outcome, critique=critique)


def _one_of(found: Mapping[str, Any], key: str, kind: Any) -> Any:
    value = found.get(key)
    if value not in tuple(kind):
        raise RecordError(f"{key}: found {value!r:.60}; one of {', '.join(kind)}")
    return kind(value)


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"{key} must be text, found {value!r:.60}")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _score(found: Mapping[str, Any], key: str) -> float | None:
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _ENDLESS:
        raise RecordError(f"{key} must be a number, found {value!r:.60}")
    return float(value)
