"""Drops pairs that stand in the set already, word for word or nearly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from filters.base import Drop, Share
from filters.texts import prompt_text, words
from synth.domain import JudgedPair

if TYPE_CHECKING:
    import numpy as np

_SHINGLE = 3  # words
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
        said = [shingle for response in responses for shingle in _shingles(words(response))]
        return judged.pair.id, rank + _minhash(said, _OF_RESPONSES) + _minhash(_shingles(prompt), _OF_PROMPT)

    def drops(self, notes: Mapping[int, Note]) -> dict[int, Drop]:
        import numpy as np

        places, ids = list(notes), [one for one, _ in notes.values()]
        if not places:
            return {}
        table = np.frombuffer(b"".join(note for _, note in notes.values()), np.uint8).reshape(len(places), -1)
        ranks = np.ascontiguousarray(table[:, :_RANK]).view(">u8")
        hashes = np.ascontiguousarray(table[:, _RANK:]).view(np.uint16)
        order = np.lexsort((ranks[:, 1], ranks[:, 0]))  # from here on a pair is its place in this order
        content, hashes = ranks[order, 0], hashes[order]
        leader = list(range(len(places)))
        for one, other in _alike(hashes, self.similarity):
            a, b = _root(leader, one), _root(leader, other)
            leader[max(a, b)] = min(a, b)
        found = {}
        for index in range(len(places)):
            root = _root(leader, index)
            if root != index:
                reason = "duplicate" if content[root] == content[index] else "near-duplicate"
                found[places[order[index]]] = Drop(reason, f"like the pair {ids[order[root]]!r}")
        return found


def _shingles(tokens: tuple[str, ...]) -> list[str]:
    return [" ".join(tokens[i : i + _SHINGLE]) for i in range(max(1, len(tokens) - _SHINGLE + 1))]


def _minhash(shingles: list[str], size: int) -> bytes:
    """16 bits of each value will do: unlike ones are equal once in 65,536 times."""
    import numpy as np
    from rensa import RMinHash

    one = RMinHash(num_perm=size, seed=0)
    one.update(shingles)
    return np.array(one.digest(), np.uint32).astype(np.uint16).tobytes()


def _alike(hashes: "np.ndarray[Any, Any]", similarity: float) -> Iterator[tuple[int, int]]:
    """Pairs of rows that meet in a band of MinHash values (Leskovec et al., Mining of Massive Datasets, 3.4)."""
    import numpy as np

    for band in range(_BANDS):
        keys = np.ascontiguousarray(hashes[:, band * _ROWS : (band + 1) * _ROWS]).view(np.uint64)
        mixed = keys[:, 0] * np.uint64(0x9E3779B97F4A7C15) ^ keys[:, 1]
        sequence = np.argsort(mixed, kind="stable")
        borders = np.flatnonzero(np.diff(mixed[sequence])) + 1
        starts, ends = np.append(0, borders), np.append(borders, len(sequence))
        for group in np.flatnonzero(ends - starts > 1):
            yield from _in_group(hashes, sequence[starts[group] : ends[group]], similarity)


def _in_group(hashes: "np.ndarray[Any, Any]", members: Any, similarity: float) -> Iterator[tuple[int, int]]:
    while len(members) > 1:
        first, rest = members[0], members[1:]
        equal = hashes[rest] == hashes[first]
        alike = equal[:, :_OF_RESPONSES].mean(axis=1) >= similarity
        alike &= equal[:, _OF_RESPONSES:].mean(axis=1) >= similarity
        for other in rest[alike]:
            yield int(first), int(other)
        members = rest[~alike]


def _root(leader: list[int], one: int) -> int:
    while leader[one] != one:
        leader[one] = leader[leader[one]]
        one = leader[one]
    return one
