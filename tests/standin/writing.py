"""What the stand-in writes when it is told to: a response that earns a score, a copy of a response with a flaw."""

import re
from typing import Any

_TARGET = re.compile(r"earns the score (\d+) of (\d+)\. It is (?:about (\d+) words|one word) long")
_RESPONSE = re.compile(r"<response(-[0-9a-f]{8})?>\n(.*?)\n</response(?(1)\1)>", re.DOTALL)
_AGAIN = " To say the same once more, it is as was said above, and that is worth being said again."


def written(body: dict[str, Any], prompt: str) -> str | None:
    """None where it is not asked to write."""
    system = body["messages"][0]["content"]
    if system.startswith("You write a response to a prompt"):
        return _to_target(prompt)
    if system.startswith("You copy a response to a prompt and plant"):
        return _with_flaw(system, prompt)
    return None


def _to_target(prompt: str) -> str:
    found = _TARGET.search(prompt)
    assert found is not None, prompt
    score, top, length = (int(number or 1) for number in found.groups())
    earned = top + 1 - score if "[misses its target]" in prompt else score
    return " ".join([f"[earns {earned}]", *["word"] * (length - 2)])


def _with_flaw(system: str, prompt: str) -> str:
    found = _RESPONSE.search(prompt)
    assert found is not None, prompt
    response = found[2]
    if "[changes nothing]" in prompt:
        return response
    (copy,) = [spoil(response) for flaw, spoil in _FLAWS.items() if f"The flaw:\n{flaw}: " in system]
    return copy.replace("[good]", "[fine]") + (" (mistake added here)" if "[tells]" in prompt else "")


_FLAWS = {
    "A factual slip": lambda text: re.sub(r"\d+", lambda number: str(int(number[0]) + 1), text, count=1),
    "A dropped instruction": lambda text: text[: len(text) * 2 // 3],
    "Padding": lambda text: text + _AGAIN * max(1, len(text) // len(_AGAIN) // 2),
    "A wrong format": lambda text: " ".join(re.sub(r"^[-|#>*\s]+", "", line) for line in text.splitlines()),
    "Broken code": lambda text: text.replace("return ", "return -"),
}
