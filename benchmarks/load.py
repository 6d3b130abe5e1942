"""The load of the benchmarks: synthetic pairs, the same for everybody who asks for as many."""

import json
import random
from pathlib import Path

_SCENARIOS = (
    "code_generation", "math_reasoning", "text_summarization", "writing_email",
    "open_question", "planning", "text_to_text_translation", "chitchat",
)  # fmt: skip
_WORDS = (
    "water stone letter river paper window garden market winter music table morning number story engine island "
    "bridge school doctor summer forest silver ticket kitchen travel answer reason weather history machine city"
).split()


def write_pairs(path: Path, count: int) -> None:
    """`count` rows with a prompt of 30 words and two responses of about 80, over eight scenarios."""
    draw = random.Random(0)
    with path.open("w") as file:
        for number in range(count):
            row = {
                "id": f"pair-{number}",
                "scenario": _SCENARIOS[number % len(_SCENARIOS)],
                "prompt": _text(draw, 30),
                "response_a": _text(draw, 60 + number % 40),
                "response_b": _text(draw, 100 - number % 40),
            }
            file.write(json.dumps(row) + "\n")


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words)).capitalize() + "."
