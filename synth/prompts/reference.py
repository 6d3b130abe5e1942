"""What a model is told that writes the reference answer to a prompt."""

import hashlib
from functools import cache

from synth.prompts.render import template


@cache
def reference_system(*, final_answer: bool) -> str:
    """With `final_answer` it ends in a form in which several answers can be compared."""
    return template("reference/system.jinja2").render(final_answer=final_answer).strip()


def reference_hash(*, final_answer: bool) -> str:
    """16 hexadecimal digits."""
    return hashlib.sha256(reference_system(final_answer=final_answer).encode()).hexdigest()[:16]
