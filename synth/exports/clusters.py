"""Prompts that are nearly the same, in clusters."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from filters.near import meeting, minhash, roots, shingles
from filters.texts import words
from synth.domain import Prompt
from synth.rows.pairs import prompt_key

_BANDS, _ROWS = 32, 4  # prompts that are 0.8 alike meet in a band with a probability of 1 - 5e-8, 0.6 alike with 0.99
_VALUES = _BANDS * _ROWS
# Of the three-word shingles, as MinHash tells. `duplicate` asks for 0.8, but there a pair is lost; here one too many in
# a cluster costs nothing. Of two prompts of 14 words that differ in one, 0.6 are the same.
_SIMILARITY = 0.6
_LARGE, _LEAST = 1 / 3, 10  # of all prompts, and prompts: a cluster that large has a template in common
_COMMON, _MOST = 1 / 4, 200  # of a large cluster, and prompts: what so many share is the template

Hashes = Any


def sketch(prompt: Prompt) -> bytes:
    """256 bytes: the MinHash values of what the prompt says.

    System turns are left out where there are others: they are the setting, and the same in a whole set.
    """
    turns = [turn.content for turn in prompt if turn.role != "system"] or [turn.content for turn in prompt]
    said = words("\n".join(turns))
    return minhash(shingles(said) if said else [prompt_key(prompt)], _VALUES)


def clusters(sketches: bytes | bytearray, digests: Sequence[bytes]) -> list[int]:
    """For each prompt the place of another that stands for its cluster, the same for all prompts of it.

    `sketches` are those of all prompts, one after the other. Prompts are alike that share 0.6 of their three-word
    shingles; those that are alike through a third one are, too. Where a third of all prompts are alike they were made
    from a template, and what they have in common does not count. `digests` make the clusters the same in any order.
    """
    import numpy as np

    order = sorted(range(len(digests)), key=digests.__getitem__)
    hashes = np.frombuffer(sketches, np.uint16).reshape(-1, _VALUES)[order]
    found = roots(len(order), meeting(hashes, _BANDS, _ROWS, _alike))
    clusters_, sizes = np.unique(found, return_counts=True)
    for large in clusters_[sizes >= max(_LEAST, _LARGE * len(found))]:
        members = np.flatnonzero(np.asarray(found) == large)
        for member, root in zip(members.tolist(), _beside_template(hashes[members]), strict=True):
            found[member] = int(members[root])
    first = [0] * len(order)
    for place, root in zip(order, found, strict=True):
        first[place] = order[root]
    return first


def _alike(one: Hashes, many: Hashes) -> Hashes:
    return (many == one).mean(axis=1) >= _SIMILARITY


def _beside_template(hashes: Hashes) -> list[int]:
    """Clusters of prompts that have a template in common, by what else they say."""
    import numpy as np

    own = np.empty(hashes.shape, bool)
    most = min(_MOST, _COMMON * len(hashes))
    for column in range(_VALUES):
        _, which, counts = np.unique(hashes[:, column], return_inverse=True, return_counts=True)
        own[:, column] = (counts <= max(2, most))[which]

    def pairs() -> Iterator[tuple[int, int]]:
        for column in range(_VALUES):
            members = np.flatnonzero(own[:, column])
            members = members[np.argsort(hashes[members, column], kind="stable")]
            values = hashes[members, column]
            borders = [0, *(np.flatnonzero(values[1:] != values[:-1]) + 1).tolist(), len(members)]
            for start, end in pairwise(borders):
                for at in range(start, end - 1):
                    one, others = members[at], members[at + 1 : end]
                    said = own[one] | own[others]
                    equal = (hashes[one] == hashes[others]) & said
                    for other in others[equal.sum(axis=1) >= _SIMILARITY * said.sum(axis=1)]:
                        yield int(one), int(other)
        yield from _equal(hashes)

    return roots(len(hashes), pairs())


def _equal(hashes: Hashes) -> Iterator[tuple[int, int]]:
    """What nothing tells apart."""
    seen: dict[bytes, int] = {}
    for place, row in enumerate(hashes):
        yield seen.setdefault(row.tobytes(), place), place


def digest(prompt: Prompt) -> bytes:
    """16 bytes, the same for prompts that differ in white space and case only."""
    return bytes.fromhex(prompt_key(prompt))[:16]
