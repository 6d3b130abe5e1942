"""Drops pairs whose critiques are sentences that many other pairs have too."""

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from filters.base import Count, Drop, Share
from filters.slots import without_names
from filters.texts import texts, words
from synth.domain import JudgedPair

_SENTENCE = re.compile(r"[^.!?\n\u3002\uff01\uff1f]+")
_LEAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """At most a `share` of the words of a pair's critiques may stand in sentences that are boilerplate.

    Boilerplate is a sentence of five words or more that `rows` pairs have, and one pair in a thousand. Numbers and
    names of slots do not count. Reason: `boilerplate`.
    """

    share: Share = 0.5
    rows: Count = 10
    name: str = "boilerplate"

    def note(self, judged: JudgedPair) -> bytes:
        """Hash and number of words of each sentence, once each; and the number of all words."""
        found: dict[int, int] = {}
        total = 0
        for sentence in _sentences(judged):
            total += len(sentence)
            if len(sentence) >= _LEAST_WORDS:
                digest = int.from_bytes(blake2b(" ".join(sentence).encode(), digest_size=8).digest(), "big")
                found[digest] = len(sentence) + found.get(digest, 0)
        return array("Q", [total, *(number for item in found.items() for number in item)]).tobytes()

    def drops(self, notes: Mapping[int, bytes]) -> dict[int, Drop]:
        import numpy as np

        least = max(self.rows, len(notes) // 1000)
        rows = {place: np.frombuffer(note, np.uint64) for place, note in notes.items()}
        if not rows:
            return {}
        hashes, counts = np.unique(np.concatenate([row[1::2] for row in rows.values()]), return_counts=True)
        common = set(hashes[counts >= least].tolist())
        dropped = {}
        for place, (total, *rest) in ((place, row.tolist()) for place, row in rows.items()):
            shared = sum(size for digest, size in zip(rest[::2], rest[1::2], strict=True) if digest in common)
            if shared > self.share * total:
                detail = f"{shared} of {total} words stand in sentences that {least} pairs have or more"
                dropped[place] = Drop("boilerplate", detail)
        return dropped


def _sentences(judged: JudgedPair) -> Iterator[list[str]]:
    for text in texts(judged):
        for match in _SENTENCE.finditer(without_names(text.words)):
            found = ["0" if word.isdigit() else word for word in words(match.group())]
            if found:
                yield found
