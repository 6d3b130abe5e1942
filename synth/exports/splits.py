"""Which split a pair is in: by its prompt, so that pairs of one prompt stay together."""

import hashlib
from collections.abc import Mapping

from synth.domain import Prompt
from synth.rows.pairs import prompt_key


def split_of(prompt: Prompt, splits: Mapping[str, float], seed: int) -> str:
    """A split's name. Depends on the prompt and the seed only: neither on other rows nor on their order.

    `splits` are names with their shares, which add up to 1; a share is what a long run of prompts tends to.
    """
    digest = hashlib.sha256(f"{seed}:{prompt_key(prompt)}".encode()).digest()
    point = int.from_bytes(digest[:8]) / 2**64
    reached = 0.0
    for name, share in splits.items():
        reached += share
        if point < reached:
            return name
    return list(splits)[-1]
