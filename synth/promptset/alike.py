"""Prompts that are nearly the same, by the MinHash values of their three-word shingles."""

from collections.abc import Sequence
from typing import Any

from filters.near import meeting, minhash, roots, shingles
from filters.texts import words
from synth.domain import Prompt
from synth.rows.pairs import prompt_key

_BANDS, _ROWS = 32, 4  # prompts that are 0.7 alike meet in a band with a probability of 0.9998
_VALUES = _BANDS * _ROWS

Hashes = Any


def sketch(prompt: Prompt) -> bytes:
    """256 bytes. System turns are left out where there are others: they are the setting, the same in a whole set."""
    turns = [turn.content for turn in prompt if turn.role != "system"] or [turn.content for turn in prompt]
    said = words("\n".join(turns))
    return minhash(shingles(said) if said else [prompt_key(prompt)], _VALUES)


def first_alike(sketches: Sequence[bytes], similarity: float) -> list[int]:
    """For each sketch the place of an earlier one that stands for it, its own where it is like none that stays.

    Those that are alike through a third one may count as alike. Of those that stay no two are, as surely as they meet
    in a band: 0.5 alike with 0.87, 0.7 with 0.9998.
    """
    import numpy as np

    def alike(one: Hashes, many: Hashes) -> Hashes:
        return (many == one).mean(axis=1) >= similarity

    hashes = np.frombuffer(b"".join(sketches), np.uint16).reshape(-1, _VALUES)
    return roots(len(sketches), meeting(hashes, _BANDS, _ROWS, alike))


class Taken:
    """Sketches of prompts that were taken, to hold the next one against. One look takes a millisecond at 10,000."""

    def __init__(self, similarity: float) -> None:
        import numpy as np

        self._similarity = similarity
        self._names: list[str] = []
        self._hashes = np.empty((64, _VALUES), np.uint16)

    def like(self, one: bytes) -> str | None:
        """The name of the nearest one, where that is nearly the same."""
        import numpy as np

        if not self._names:
            return None
        shares = (self._hashes[: len(self._names)] == np.frombuffer(one, np.uint16)).mean(axis=1)
        nearest = int(shares.argmax())
        return self._names[nearest] if shares[nearest] >= self._similarity else None

    def add(self, name: str, one: bytes) -> None:
        import numpy as np

        if len(self._names) == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.empty_like(self._hashes)])
        self._hashes[len(self._names)] = np.frombuffer(one, np.uint16)
        self._names.append(name)
