"""Our own reply format: the JSON that `schemas/` describe, alone or inside text. Total, and never guessing."""

import json
import re
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from synth.domain import CriterionGrade, Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side, Verdict
from synth.parsing.schema import Schema
from synth.parsing.slots import verdict_of_slot

_VERDICTS = {
    order: {"1": verdict_of_slot(1, order), "2": verdict_of_slot(2, order), "tie": Verdict.TIE} for order in Order
}
_THINKING = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)


def parse_pairwise(reply: str, order: Order, schema: Schema) -> PairwiseJudgment | ParseFailure:
    """Read a comparison; `order` says which response stood in which slot."""
    found = read_object(reply, schema)
    if isinstance(found, ParseFailure):
        return found
    by_side = {order.first: "1", order.second: "2"}
    return PairwiseJudgment(
        order=order,
        verdict=_VERDICTS[order][found["verdict"]],
        score_a=float(found[f"score_{by_side[Side.A]}"]),
        score_b=float(found[f"score_{by_side[Side.B]}"]),
        comparison=found["comparison"],
        critique_a=found[f"critique_{by_side[Side.A]}"],
        critique_b=found[f"critique_{by_side[Side.B]}"],
        reference=found.get("reference", ""),
    )


def parse_pointwise(reply: str, response: Side, schema: Schema) -> PointwiseJudgment | ParseFailure:
    """Read the grade of one response; criteria that do not apply have no grade."""
    found = read_object(reply, schema)
    if isinstance(found, ParseFailure):
        return found
    grades = tuple(
        CriterionGrade(criterion=name, score=float(grade["score"]), comment=grade["comment"])
        for name, grade in found.get("criteria", {}).items()
        if grade is not None
    )
    return PointwiseJudgment(
        response=response,
        score=float(found["score"]),
        critique=found["critique"],
        criteria=grades,
        reference=found.get("reference", ""),
    )


def read_object(reply: str, schema: Schema) -> dict[str, Any] | ParseFailure:
    """The one JSON object in a reply that obeys `schema`; a failure where there is none, or several that differ."""
    if not reply.strip():
        return ParseFailure("the reply is empty", reply)
    answer = _THINKING.sub("", reply)
    if answer.lstrip().startswith("<think>"):
        return ParseFailure("the reply ends before its thinking does", reply)
    try:
        return _judgment(answer, reply, schema)
    except RecursionError:
        return ParseFailure("the JSON is nested too deeply", reply)


def _judgment(answer: str, reply: str, schema: Schema) -> dict[str, Any] | ParseFailure:
    objects = _objects(answer)
    if not objects:
        return ParseFailure("no JSON object in the reply", reply)
    plain = [_plain(one) for one in objects]
    right = [one for one in plain if _validator(schema.text).is_valid(one)]
    distinct = [one for index, one in enumerate(right) if one not in right[:index]]
    if len(distinct) > 1:
        return ParseFailure(f"{len(distinct)} different answers in one reply", reply)
    if not distinct:
        error = best_match(_validator(schema.text).iter_errors(plain[-1]))
        where = error.json_path.removeprefix("$").lstrip(".") if error else ""
        return ParseFailure(f"{where}: {error.message}" if where else error.message if error else "invalid", reply)
    return distinct[0]


@lru_cache(maxsize=1024)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


class _AmbiguousError(ValueError):
    """A JSON object that says one thing twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = {_writable(name): _writable(value) for name, value in pairs}
    if len(made) != len(pairs):
        raise _AmbiguousError
    return made


def _writable(value: Any) -> Any:
    """Half a surrogate pair, which JSON can escape and no table takes, as the sign for a character that was lost."""
    if isinstance(value, list):  # the objects in it have been here before
        return [_writable(one) for one in value]
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def _no_constant(name: str) -> float:
    raise _AmbiguousError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant, strict=False)


def _objects(text: str) -> list[dict[str, Any]]:
    """The outermost JSON objects in a text, in order."""
    found = []
    start = text.find("{")
    while start != -1:
        try:
            value, end = _DECODER.raw_decode(text, start)
        except ValueError:
            end = start + 1
        else:
            found.append(value)
        start = text.find("{", end)
    return found


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """The same judgment where a teacher wrote a number as text, a verdict in capitals, or criteria as a list."""
    made = dict(found)
    for name in ("score", "score_1", "score_2"):
        if name in made:
            made[name] = _number(made[name])
    if isinstance(made.get("verdict"), str | int) and not isinstance(made["verdict"], bool):
        made["verdict"] = str(made["verdict"]).strip().lower()
    criteria = made.get("criteria")
    if isinstance(criteria, list) and all(isinstance(one, dict) and "criterion" in one for one in criteria):
        named = {str(one["criterion"]): {k: v for k, v in one.items() if k != "criterion"} for one in criteria}
        if len(named) == len(criteria):
            criteria = named
    if isinstance(criteria, dict):
        made["criteria"] = {
            name: {**grade, "score": _number(grade["score"])} if isinstance(grade, dict) and "score" in grade else grade
            for name, grade in criteria.items()
        }
    return made


def _number(value: Any) -> Any:
    found = re.fullmatch(r"\s*([0-9]{1,3})\s*", value) if isinstance(value, str) else None
    return int(found[1]) if found else value
