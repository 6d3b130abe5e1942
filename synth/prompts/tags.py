"""The tags that texts of others stand between, which none of these texts can close."""

import hashlib
import re
from collections.abc import Iterable

from synth.domain import Prompt

# What could be taken for a tag of a template, or for the heading of a turn, however it is spelled.
_OURS = re.compile(
    r"<\s*/?\s*(?:prompt|reference|response|document|example|written_already|preferred)"
    r"|\[\s*(?:system|user|assistant)\s*\]",
    re.IGNORECASE,
)


def mark(texts: Iterable[str]) -> str:
    """What the tags of a message end in that shows these texts: `-` and eight hexadecimal digits.

    It is in none of the texts, so that nobody can write a text that closes its own tag, and the same for the same
    texts in any order, so that a question stays the question that was paid for. Where no text holds anything like a
    tag of ours it is empty, as nearly always. A delimiter that an attacker cannot know is the first kind of
    "spotlighting" (Hines et al. 2024, "Defending Against Indirect Prompt Injection Attacks With Spotlighting",
    section 4); unlike its other kinds it leaves the texts as they are, to be quoted.
    """
    shown = sorted(texts)
    if not any(_OURS.search(text) for text in shown):
        return ""
    digest = hashlib.sha256("\0".join(shown).encode(errors="surrogatepass")).hexdigest()
    while any(digest[:8] in text for text in shown):
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return f"-{digest[:8]}"


def turns(prompt: Prompt) -> list[str]:
    return [turn.content for turn in prompt]
