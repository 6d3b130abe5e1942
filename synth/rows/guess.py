"""What somebody's rows are, by the names of their columns; for a first config, which a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Names that public sets have for our columns, the likelier first.
_ALIASES = {
    "prompt": ("prompt", "instruction", "question", "query", "input", "messages"),
    "response_a": ("response_a", "response_1", "response1", "answer_a", "answer1", "output_1", "output_a", "chosen"),
    "response_b": ("response_b", "response_2", "response2", "answer_b", "answer2", "output_2", "output_b", "rejected"),
    "responses": ("responses", "completions", "answers", "generations"),
    "scenario": ("scenario", "task", "category"),
    "reference": ("reference", "reference_answer", "gold_answer"),
    "id": ("id", "uid", "question_id", "prompt_id"),
}
_ONLY_BY_OUR_NAME = ("scenario",)  # others' categories are not our scenarios


@dataclass(frozen=True, slots=True)
class Guess:
    """`columns` are ours -> theirs where they differ. `pairs` where two responses stand in a row, `responses` where a
    list of them does; with neither a row is a prompt alone. `prompt` is False where no column could be it."""

    columns: Mapping[str, str]
    prompt: bool
    pairs: bool
    responses: bool


def guess(row: Mapping[str, Any]) -> Guess:
    """By the first row of the data."""
    found: dict[str, str] = {}
    for ours, names in _ALIASES.items():
        known = names[:1] if ours in _ONLY_BY_OUR_NAME else names
        theirs = next((name for name in known if name in row and name not in found.values()), None)
        if theirs is not None:
            found[ours] = theirs
    if not {"response_a", "response_b"} <= found.keys():
        found.pop("response_a", None)
        found.pop("response_b", None)
    return Guess(
        columns={ours: theirs for ours, theirs in found.items() if ours != theirs},
        prompt="prompt" in found,
        pairs="response_a" in found,
        responses="responses" in found,
    )
