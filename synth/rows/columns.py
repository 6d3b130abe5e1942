"""The columns that steps pass on, and the way to and from domain values.

distilabel's writer fails on a column that is empty in one batch and text in the next, so types are constant: text is
"" where there is none, a score NaN.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from synth.domain import (
    Ask,
    CriterionGrade,
    Judgment,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Prompt,
    Protocol,
    Side,
    Verdict,
)

NEEDED = ("prompt", "response_a", "response_b")
OPTIONAL = ("id", "scenario", "reference", "model_a", "model_b", "human_label", "source", "human_labels")
INPUT = NEEDED + OPTIONAL
OF_PROMPTS = ("responses",)  # of rows that are prompts, beside all of the others
PAIR = ("id", "prompt", "response_a", "response_b", "scenario", "reference")
ASK = ("protocol", "order", "response")
JUDGMENT = (
    "verdict",
    "score_a",
    "score_b",
    "comparison",
    "critique_a",
    "critique_b",
    "criteria",
    "written_reference",
)
OUTCOME = ("failure", "reply")
SCENARIO = ("scenario", "scenario_reason", "scenario_failure", "scenario_reply")


def prompt(value: Any) -> Prompt:
    """A prompt from a row: plain text, or a list of `{role, content}`."""
    if isinstance(value, str):
        return (Message("user", value),)
    return tuple(Message(str(turn["role"]), str(turn["content"])) for turn in value)


def prompt_row(value: Prompt) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in value]


def pair(row: Mapping[str, Any]) -> Pair:
    """A pair from a row with at least `prompt`, `response_a` and `response_b`."""
    return Pair(
        id=str(row.get("id") or ""),
        prompt=prompt(row["prompt"]),
        response_a=str(row["response_a"]),
        response_b=str(row["response_b"]),
        scenario=str(row.get("scenario") or ""),
        reference=str(row.get("reference") or ""),
    )


def ask_row(ask: Ask) -> dict[str, str]:
    return {"protocol": str(ask.protocol), "order": str(ask.order or ""), "response": str(ask.response or "")}


def ask(row: Mapping[str, Any]) -> Ask:
    return _ask(row["protocol"], row["order"], row["response"])


@cache  # there are four, and a set has millions of rows
def _ask(protocol: str, order: str, response: str) -> Ask:
    return Ask(
        protocol=Protocol(protocol),
        order=Order(order) if order else None,
        response=Side(response) if response else None,
    )


NO_JUDGMENT: dict[str, Any] = {
    "verdict": "",
    "score_a": math.nan,
    "score_b": math.nan,
    "comparison": "",
    "critique_a": "",
    "critique_b": "",
    "criteria": "[]",
    "written_reference": "",
}


def judgment_row(one: Judgment) -> dict[str, Any]:
    if isinstance(one, PairwiseJudgment):
        return NO_JUDGMENT | {
            "verdict": str(one.verdict),
            "score_a": math.nan if one.score_a is None else one.score_a,
            "score_b": math.nan if one.score_b is None else one.score_b,
            "comparison": one.comparison,
            "critique_a": one.critique_a,
            "critique_b": one.critique_b,
            "written_reference": one.reference,
        }
    side = str(one.response)
    grades = [{"criterion": g.criterion, "score": g.score, "comment": g.comment} for g in one.criteria]
    return NO_JUDGMENT | {
        f"score_{side}": one.score,
        f"critique_{side}": one.critique,
        "criteria": json.dumps(grades, ensure_ascii=False),
        "written_reference": one.reference,
    }


def judgment(row: Mapping[str, Any]) -> Judgment:
    """Read back what `judgment_row` wrote."""
    asked = ask(row)
    if asked.order is not None:
        return PairwiseJudgment(
            order=asked.order,
            verdict=Verdict(row["verdict"]),
            score_a=_score(row["score_a"]),
            score_b=_score(row["score_b"]),
            comparison=row["comparison"],
            critique_a=row["critique_a"],
            critique_b=row["critique_b"],
            reference=row["written_reference"],
        )
    side = asked.response or Side.A
    return PointwiseJudgment(
        response=side,
        score=row[f"score_{side}"],
        critique=row[f"critique_{side}"],
        criteria=tuple(CriterionGrade(**grade) for grade in json.loads(row["criteria"])),
        reference=row["written_reference"],
    )


def _score(value: float) -> float | None:
    return None if math.isnan(value) else value
