"""A finished run to make pages of: recorded judgments, through the real import."""

import json
from pathlib import Path
from typing import Any

import pytest

from synth.config.model import Imported
from synth.run.folder import RunFolder
from synth.run.recorded.importing import import_judgments

HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'> \u2028 {{ 7 * 7 }}"
QUOTED = "Green tea is best served hot"


def reply(first: float, second: float, verdict: str, says: str = "") -> str:
    return json.dumps(
        {
            "comparison": says or "The better one is more to the point, and the other one leaves the question open.",
            "critique_1": f"This one says what was asked for in few words, and scores {first}.",
            "critique_2": f"Much of that one is beside the point, for which it gets {second}.",
            "score_1": first,
            "score_2": second,
            "verdict": verdict,
        }
    )


def pair(number: int, *replies: str, **more: Any) -> dict[str, Any]:
    orders = zip(("ab", "ba"), replies, strict=False)
    judgments: list[dict[str, Any]] = [
        {"teacher": "big", "protocol": "pairwise", "order": order, "reply": said} for order, said in orders
    ]
    judgments += [
        {
            "teacher": "big",
            "protocol": "pointwise",
            "response": "a",
            "score": 8,
            "critique": "It answers what is asked.",
        },
        {
            "teacher": "big",
            "protocol": "pointwise",
            "response": "b",
            "score": 4,
            "critique": "Most of it is off the topic.",
        },
    ]
    return {
        "id": f"pair-{number}",
        "prompt": f"What is there to know about subject number {number}?",
        "response_a": f"Subject {number} is best known for its long history.",
        "response_b": f"Nobody can say much about subject {number} at all.",
        "scenario": "open_question" if number % 2 else "others",
        "judgments": judgments,
        **more,
    }


def rows() -> list[dict[str, Any]]:
    sound = (reply(8, 4, "1"), reply(4, 8, "2"))
    every = [pair(number, *sound, human_label="ab"[number % 3 == 0]) for number in range(1, 13)]
    every += [pair(number, reply(8, 4, "1"), reply(8, 4, "1")) for number in range(13, 17)]  # the first slot wins
    quoting = f'The first response says "{QUOTED}", and it claims that "coffee is better than anything else".'
    every += [
        pair(20, reply(8, 4, "1"), "I cannot tell."),
        pair(21, *sound, response_a=f"Well: {HOSTILE} 🍵 needle-{HOSTILE[:4]}"),
        pair(22, reply(8, 4, "1", f"🍵 {quoting}"), reply(4, 8, "2"), response_a=f"{QUOTED}, with a little lemon."),
        pair(
            23, *sound, prompt=[{"role": "system", "content": "Be short."}, {"role": "user", "content": "And a turn?"}]
        ),
        pair(24, *sound, response_a="the same", response_b="the same"),
        pair(25, *sound, response_a=" "),
    ]
    return every


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """22 rows: 20 judged, one set aside as its responses are the same, one that cannot be read."""
    folder = tmp_path_factory.mktemp("finished")
    file = folder / "recorded.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    how = Imported(reply_format="json")
    import_judgments(file, folder=folder, name="tea", preset="default", skip_bad_rows=True, how=how)
    return RunFolder(folder / "tea")


@pytest.fixture(scope="session")
def page(finished: RunFolder) -> Path:
    return finished.report
