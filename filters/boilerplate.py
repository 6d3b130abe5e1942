"""Drops pairs whose critiques are sentences that many other pairs have too."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from filters.base import Count, Drop, Share
from filters.texts import texts
from synth.domain import JudgedPair

# Sets are written twice, as one that stands first is searched for in half the time of a repeated one.
_SENTENCE_END = re.compile(r"[.!?\n\u3002\uff01\uff1f][.!?\n\u3002\uff01\uff1f]*\s*")
_NUMBER = re.compile(r"\d\d*")
_LEAST = 20  # characters; fewer of scripts that say more with each


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """At most a `share` of a pair's critiques, in characters, may be boilerplate.

    Boilerplate is a sentence of twenty characters or more that `rows` pairs have, and one pair in a thousand. Case and
    numbers (so of slots, too) do not count. Reason: `boilerplate`.
    """

    share: Share = 0.5
    rows: Count = 10
    name: str = "boilerplate"

    def note(self, judged: JudgedPair) -> bytes:
        """The length of all sentences; then of each, once, its hash and how much of the text it is.

        Python's own hash will do: processes that are forked share its seed, and no note outlives the run.
        """
        said = "\n".join(text.words for text in texts(judged))
        parts = _SENTENCE_END.split(_NUMBER.sub("0", said.lower()))
        note = array("q", [sum(map(len, parts))])
        for sentence, times in Counter(parts).items():
            if len(sentence.encode()) >= _LEAST:
                note.extend((hash(sentence), len(sentence) * times))
        return note.tobytes()

    def drops(self, notes: Mapping[int, bytes]) -> dict[int, Drop]:
        least = max(self.rows, len(notes) // 1000)
        common = _common(notes.values(), least)
        dropped = {}
        for place, note in notes.items():
            total, *rest = array("q", note)
            shared = sum(size for digest, size in zip(rest[::2], rest[1::2], strict=True) if digest in common)
            if shared > self.share * total:
                detail = f"{shared} of {total} characters stand in sentences that {least} pairs have or more"
                dropped[place] = Drop("boilerplate", detail)
        return dropped


def _common(notes: Iterable[bytes], least: int) -> set[int]:
    """The hashes that so many notes have."""
    import numpy as np

    every = array("q")
    for note in notes:
        every.extend(array("q", note)[1::2])
    hashes = np.asarray(every)
    if len(hashes) < least:
        return set()
    hashes.sort()  # in place, as there may be a hundred million of them
    last, first = hashes[least - 1 :], hashes[: len(hashes) - least + 1]  # of as many in a row
    return set(last[last == first].tolist())
