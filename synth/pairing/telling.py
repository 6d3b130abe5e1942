"""What a text that was written to order must not say: that it was."""

import re

# A copy says nothing that the response did not, so that the least hint counts.
_OF_A_FLAW = (
    re.compile(
        r"\b(?:intentional(?:ly)?|deliberate(?:ly)?|on purpose"
        r"|(?:flawed|modified|altered|changed|revised|rewritten|incorrect|wrong|broken|padded) "
        r"(?:version|response|code|answer|text)"
        r"|(?:flaw|slip|bug|error|mistake) (?:here|added|planted|introduced|inserted))\b"
        r"|(?:#|//)\s*(?:bug|error|wrong)\b",
        re.IGNORECASE,
    ),
    re.compile(r"^\W*(?:sure|certainly|of course|here(?:['\u2019]s| is| are))\b[^\n]{0,80}:\s*\n", re.IGNORECASE),
)
# A response of its own may speak of purposes and revised versions.
_OF_A_TARGET = (
    re.compile(
        r"\b(?:(?:earns?|deserves?|worth|targets?) (?:a|the) score|(?:target|low|lower|middling) score"
        r"|(?:intentionally|deliberately|purposely) (?:bad|flawed|incomplete|incorrect|poor|vague|weak|wrong)"
        r"|(?:flawed|low-quality|lower-quality|low-scoring|mediocre) (?:response|answer))\b",
        re.IGNORECASE,
    ),
)


def tells_its_flaw(copy: str, original: str) -> str:
    """The words that give a copy away; empty where there are none, or where the original has such words."""
    return _telling(_OF_A_FLAW, copy, original)


def tells_its_target(response: str, prompt: str) -> str:
    """The words that say which score a response is to earn; empty where there are none, or where the prompt has such
    words."""
    return _telling(_OF_A_TARGET, response, prompt)


def _telling(patterns: tuple[re.Pattern[str], ...], text: str, beside: str) -> str:
    for pattern in patterns:
        if (told := pattern.search(text)) and not pattern.search(beside):
            return told[0].strip()
    return ""
