"""Which scores the responses to a prompt are written to earn, and how long they are to be, whatever the score."""

import re
from collections.abc import Iterable, Sequence
from statistics import median_low

from synth.domain import Scale
from synth.pairing.draw import chance

_SCORES = 5
# Of prompts that have no response to go by: words, from a short answer to a page.
_LENGTHS = (60, 120, 200, 320)
_UNIT = 2**32  # of the draw: whole numbers, so that no two places fall together by rounding
_CHARACTERS_A_WORD = 15  # above it, a script that puts no spaces between words


def even_scores(scale: Scale) -> tuple[int, ...]:
    """Five whole scores over the scale from end to end, or all of a smaller one."""
    steps = min(_SCORES, scale.high - scale.low + 1) - 1
    return tuple(
        scale.low + (2 * place * (scale.high - scale.low) + steps) // (2 * steps) for place in range(steps + 1)
    )


def drawn_scores(scores: Sequence[int], wanted: int, seed: int, row: str) -> list[int]:
    """So many of the scores for a prompt, each once; all where there are fewer.

    Systematic sampling: one draw, then equal steps through the scores, so that those of a prompt lie as far apart as
    they can, and each score comes equally often over the prompts of a run. As all draws, it goes by the seed and the
    row alone: rows that are added or left out change no score of another.
    """
    wanted = min(wanted, len(scores))
    start = int(chance(seed, "target", row) * _UNIT)
    places = [(step * _UNIT + start) * len(scores) // (wanted * _UNIT) for step in range(wanted)]
    return [sorted(scores)[place] for place in places]


def even_length(texts: Iterable[str], seed: int, row: str) -> str:
    """How long all responses to a prompt are to be, in words for the one who writes: as its other responses are
    (`texts`), or a draw that knows no score. So length says nothing of the score, as in Prometheus' training data,
    where it is evened over the scores (Kim et al. 2023)."""
    lengths = [length for text in texts if (length := _words(text))]
    words = median_low(lengths) if lengths else _LENGTHS[int(chance(seed, "length", row) * len(_LENGTHS))]
    return f"about {_rounded(words)} words" if words > 1 else "one word"


def _words(text: str) -> int:
    spaced, characters = len(text.split()), len(re.sub(r"\s", "", text))
    return spaced if characters <= _CHARACTERS_A_WORD * spaced else characters // 2


def _rounded(words: int) -> int:
    """As people say it."""
    return words if words < 20 else round(words / 10) * 10
