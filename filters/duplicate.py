"""Drops pairs that stand in the set already, word for word or nearly."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from filters.base import Drop, Share
from filters.near import meeting, minhash, roots, shingles
from filters.texts import prompt_text, words
from synth.domain import JudgedPair

_BANDS, _ROWS = 16, 8  # pairs that are 0.8 alike meet in a band with a probability of 0.95, 0.5 alike with 0.06
_OF_RESPONSES = _BANDS * _ROWS
_OF_PROMPT = 32
_RANK = 16  # bytes: of the content, then of the id

Note = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Of pairs that are alike one stays: prompt and responses both, the responses in either order.

    Texts are alike where they share `similarity` of their three-word shingles (Jaccard, estimated by MinHash; Lee et
    al. 2022 use 0.8 too). Pairs that are alike through a third one count as alike. The one that stays depends on the
    rows and not on their order. Pairs of one prompt with other responses stay. Reasons: `duplicate`, `near-duplicate`.
    """

    similarity: Share = 0.8
    name: str = "duplicate"

    def note(self, judged: JudgedPair) -> Note:
        """The pair's id and 336 bytes: what ranks it, and the MinHash values of its responses and of its prompt."""
        prompt, responses = words(prompt_text(judged)), sorted([judged.pair.response_a, judged.pair.response_b])
        content = "\0".join([prompt_text(judged), *responses])
        rank = b"".join(blake2b(one.encode(), digest_size=_RANK // 2).digest() for one in (content, judged.pair.id))
        said = [shingle for response in responses for shingle in shingles(words(response))]
        return judged.pair.id, rank + minhash(said, _OF_RESPONSES) + minhash(shingles(prompt), _OF_PROMPT)

    def drops(self, notes: Mapping[int, Note]) -> dict[int, Drop]:
        import numpy as np

        if not notes:
            return {}
        places, said = array("q", notes), bytearray()
        for _, note in notes.values():
            said += note
        table = np.frombuffer(said, np.uint8).reshape(len(places), -1)
        ranks = np.ascontiguousarray(table[:, :_RANK]).view(">u8")
        order = np.lexsort((ranks[:, 1], ranks[:, 0]))  # from here on a pair is its place in this order
        content, hashes = ranks[order, 0], np.take(table[:, _RANK:], order, axis=0).view(np.uint16)
        del table, said
        root = roots(len(places), meeting(hashes, _BANDS, _ROWS, self._alike))
        found = {}
        for index, first in enumerate(root):
            if first != index:
                reason = "duplicate" if content[first] == content[index] else "near-duplicate"
                stays, _ = notes[places[order[first]]]
                found[places[order[index]]] = Drop(reason, f"like the pair {stays!r}")
        return found

    def _alike(self, one: Any, others: Any) -> Any:
        equal = others == one
        return (equal[:, :_OF_RESPONSES].mean(axis=1) >= self.similarity) & (
            equal[:, _OF_RESPONSES:].mean(axis=1) >= self.similarity
        )
