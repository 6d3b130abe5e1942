"""Rows of recorded judgments for benchmarks, as many as are asked for: some 1.5 kB of text a pair, out of templates.

The same for everybody who asks for a number. Planted in them is what a run has to find: one pair in twenty is nearly
the same as one before it, one in a hundred has its prompt from a benchmark, one in four hundred is no row; verdicts
flip with the order, are ties, or are missing in one order, and a critique quotes what is not there.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.vocabulary import KINDS, NOUNS, SCENARIOS, VERBS

_ASKS = ("Explain", "Describe", "Summarize", "Give advice on", "Write a short note about", "What is to be known of")
_MODELS = ("one-7b", "two-13b", "three-70b", "four-8b")
_REMARKS = (
    "{r} opens with a clear account of the {n} and then turns to how the {m} depends on the {k} {o}.",
    'When {r} says "{q}", it gives the user a concrete point to work with on the {n} and the {m}.',
    "What is missing from {r} is any word about the {k} {n}, although the {m} and the {o} are what was asked about.",
    "The part of {r} about the {k} {n} is longer than it has to be, and the {m} comes only after the {o}.",
    "A reader who knows nothing of the {k} {n} can still follow what {r} has to say about the {m} and the {o}.",
    "With regard to the {m}, {r} stays vague and leaves it to the user to find out what the {k} {n} costs the {o}.",
)
_BENCHMARK = 2_000  # prompts
_ORIGINAL_TRIES = 4  # numbers of a row that is to be copied


def rows(count: int) -> Iterator[str]:
    """Lines of JSON, but for those that are none."""
    for number in range(count):
        line = json.dumps(row(number))
        kind = (number // 400) % 3 if number % 400 == 7 else None
        if kind == 0:
            line = line[: len(line) // 2]
        elif kind == 1:
            line = line.replace('"response_b":', '"response_c":', 1)
        elif kind == 2:
            line = line.replace('"order": "ba"', '"order": "neither"', 1)
        yield line


def benchmark() -> Iterator[str]:
    """Prompts that some rows have, too; one in a line of JSON."""
    return (json.dumps({"prompt": _benchmark_prompt(number)}) for number in range(_BENCHMARK))


def row(number: int) -> dict[str, Any]:
    draw = Random(number)
    texts = _nearly(number, draw) if number % 20 == 19 else _texts(number, draw)
    verdict = draw.choices(("a", "b", "tie"), (50, 40, 10))[0]
    both = [verdict, _other(verdict) if draw.random() < 0.05 else verdict]
    asked = [("ab", both[0]), ("ba", both[1])][: 1 if number % 300 == 11 else 2]
    found = {
        "id": f"row-{number}",
        "scenario": draw.choice(SCENARIOS),
        **texts,
        "model_a": draw.choice(_MODELS),
        "model_b": draw.choice(_MODELS),
        "source": "made",
        "judgments": [_judgment(draw, texts, order, says) for order, says in asked],
    }
    if number % 100 == 50:
        found["human_label"] = verdict if draw.random() < 0.8 else _other(verdict)
    return found


def _texts(number: int, draw: Random) -> dict[str, str]:
    prompt = f"{draw.choice(_ASKS)} the {draw.choice(KINDS)} {draw.choice(NOUNS)} number {number}. {_prose(draw, 3)}"
    if number % 100 == 3:
        prompt += " " + _benchmark_prompt(draw.randrange(_BENCHMARK))
    return {
        "prompt": prompt,
        "response_a": _prose(draw, draw.randint(4, 8)),
        "response_b": _prose(draw, draw.randint(4, 8)),
    }


def _nearly(number: int, draw: Random) -> dict[str, str]:
    """The texts of a row before, with one word of the prompt and of a response changed; now and then none is."""
    for _ in range(_ORIGINAL_TRIES):
        original = draw.randrange(number)
        if original % 20 != 19:
            break
    texts = _texts(original, Random(original))
    if draw.random() < 0.05:
        return texts
    return {
        **texts,
        "prompt": texts["prompt"].replace(str(original), str(number)),
        "response_a": " ".join([*texts["response_a"].split()[:-1], draw.choice(NOUNS)]),
    }


def _judgment(draw: Random, texts: dict[str, str], order: str, verdict: str) -> dict[str, Any]:
    high, low = draw.randint(6, 9), draw.randint(2, 5)
    scores = {"a": (high, low), "b": (low, high), "tie": (high, high)}[verdict]
    first, second = ("response_a", "response_b") if order == "ab" else ("response_b", "response_a")
    better = {"tie": "Neither", order[0]: "Response 1"}.get(verdict, "Response 2")
    said = [
        _remark(draw, "Response 1", texts[first]),
        _remark(draw, "Response 2", texts[second]),
        f"{better} is better on the {draw.choice(KINDS)} {draw.choice(NOUNS)}.",
    ]
    if draw.random() < 0.02:
        said.append(f'It claims that "nobody in the {draw.choice(NOUNS)} has seen such a {draw.choice(NOUNS)}".')
    return {
        "teacher": "made",
        "protocol": "pairwise",
        "order": order,
        "verdict": verdict,
        "score_a": scores[0],
        "score_b": scores[1],
        "critique": " ".join(said),
    }


def _remark(draw: Random, name: str, response: str) -> str:
    sentence = draw.choice(response.split(". ")).rstrip(".")
    n, m, o = draw.choices(NOUNS, k=3)
    return draw.choice(_REMARKS).format(r=name, q=sentence, n=n, m=m, o=o, k=draw.choice(KINDS))


def _benchmark_prompt(number: int) -> str:
    return _prose(Random(f"benchmark {number}"), 3)


def _other(verdict: str) -> str:
    return {"a": "b", "b": "a", "tie": "a"}[verdict]


def _prose(draw: Random, sentences: int) -> str:
    return " ".join(map(_sentence, [draw] * sentences))


def _sentence(draw: Random) -> str:
    one, two = draw.choices(KINDS, k=2)
    n, m, o = draw.choices(NOUNS, k=3)
    return f"The {one} {n} {draw.choice(VERBS)} the {m} of the {two} {o}."
