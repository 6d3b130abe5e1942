"""Prompts that are nearly the same, in clusters."""

from collections.abc import Sequence

from filters.near import meeting, minhash, roots, shingles
from filters.texts import words
from synth.domain import Prompt
from synth.rows.pairs import prompt_key

_BANDS, _ROWS = 32, 4  # prompts that are 0.8 alike meet in a band with a probability of 1 - 5e-8, 0.7 alike with 0.9998
_VALUES = _BANDS * _ROWS
# Of the shingles, as far as MinHash can tell: an estimate from 128 values is 0.035 off on average, so that hardly any
# two prompts that share 0.8 of them (as `duplicate` counts) are taken for different.
_SIMILARITY = 0.7


def sketch(prompt: Prompt) -> bytes:
    """256 bytes: the MinHash values of what the prompt says.

    System turns are left out where there are others: they are the setting, and the same in a whole set.
    """
    turns = [turn.content for turn in prompt if turn.role != "system"] or [turn.content for turn in prompt]
    said = words("\n".join(turns))
    return minhash(shingles(said) if said else [prompt_key(prompt)], _VALUES)


def clusters(sketches: bytes | bytearray, digests: Sequence[bytes]) -> list[int]:
    """For each prompt the place of another that stands for its cluster, the same for all prompts of it.

    `sketches` are those of all prompts, one after the other. Prompts are alike that share 0.7 of their three-word
    shingles; those that are alike through a third one are, too. `digests` make the clusters the same in any order.
    """
    import numpy as np

    order = sorted(range(len(digests)), key=digests.__getitem__)
    hashes = np.frombuffer(sketches, np.uint16).reshape(-1, _VALUES)[order]
    found = roots(
        len(order), meeting(hashes, _BANDS, _ROWS, lambda one, many: (many == one).mean(axis=1) >= _SIMILARITY)
    )
    first = [0] * len(order)
    for place, root in zip(order, found, strict=True):
        first[place] = order[root]
    return first


def digest(prompt: Prompt) -> bytes:
    """16 bytes, the same for prompts that differ in white space and case only."""
    return bytes.fromhex(prompt_key(prompt))[:16]
