"""The training formats a kept pair can be written in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from synth.domain import JudgedPair, Order
from synth.errors import ConfigError, meant
from synth.rows import columns


@dataclass(frozen=True, slots=True)
class Format:
    """A name, what it is for, and the row it makes of a pair; None where it cannot hold the pair.

    `schema` are the columns of its rows with their types; a row may lack a column, and then has null there.
    """

    name: str
    about: str
    row: Callable[[JudgedPair], dict[str, Any] | None]
    schema: pa.Schema


def pairs_row(judged: JudgedPair) -> dict[str, Any] | None:
    """Everything a kept label rests on, flat, by identity of the responses.

    `comparison` and the critiques are those of order ab: "Response 1" in them is `response_a`. A verdict that was
    settled has neither comparison nor scores, as those of order ab speak for another one.
    """
    pair, shown = judged.pair, judged.comparison(Order.AB)
    if judged.verdict is None:
        return None
    grades = {one.response: one for one in judged.grades}
    return {
        "id": pair.id,
        "scenario": pair.scenario,
        "prompt": columns.prompt_row(pair.prompt),
        "response_a": pair.response_a,
        "response_b": pair.response_b,
        "verdict": str(judged.verdict),
        "comparison": shown.comparison if shown and judged.settled is None else "",
        "critique_a": shown.critique_a if shown else "",
        "critique_b": shown.critique_b if shown else "",
        "score_a": shown.score_a if shown and judged.settled is None else None,
        "score_b": shown.score_b if shown and judged.settled is None else None,
        **{f"pointwise_score_{side}": grade.score for side, grade in sorted(grades.items())},
        **{f"pointwise_critique_{side}": grade.critique for side, grade in sorted(grades.items())},
        "reference": pair.reference or (shown.reference if shown else ""),
        "model_a": pair.model_a,
        "model_b": pair.model_b,
        "source": pair.source,
    }


_TEXT, _SCORE = pa.string(), pa.float64()
PAIRS = pa.schema(
    [
        ("id", _TEXT),
        ("scenario", _TEXT),
        ("prompt", pa.list_(pa.struct([("role", _TEXT), ("content", _TEXT)]))),
        ("response_a", _TEXT),
        ("response_b", _TEXT),
        ("verdict", _TEXT),
        ("comparison", _TEXT),
        ("critique_a", _TEXT),
        ("critique_b", _TEXT),
        ("score_a", _SCORE),
        ("score_b", _SCORE),
        ("pointwise_score_a", _SCORE),
        ("pointwise_score_b", _SCORE),
        ("pointwise_critique_a", _TEXT),
        ("pointwise_critique_b", _TEXT),
        ("reference", _TEXT),
        ("model_a", _TEXT),
        ("model_b", _TEXT),
        ("source", _TEXT),
    ]
)

FORMATS: tuple[Format, ...] = (
    Format("pairs", "one flat row a kept pair: verdict, scores, critiques", pairs_row, PAIRS),
)


def format_named(name: str) -> Format:
    """Raises ConfigError for an unknown format."""
    for one in FORMATS:
        if one.name == name:
            return one
    known = [one.name for one in FORMATS]
    raise ConfigError(f"outputs.formats: unknown format {name!r}; {meant(name, known)}one of {', '.join(known)}")
