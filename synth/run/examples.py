"""A few pairs of a finished run to read: what the teacher said, and what became of it."""

from collections.abc import Iterable

from filters import Dropped
from synth.domain import JudgedPair, Order
from synth.terminal import escaped

_WIDTH = 100


class Gallery:
    """Collects up to `size` pairs as they pass: a kept one, and dropped ones of different reasons, before repeats."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._by_fate: dict[str, list[str]] = {}

    def see(self, judged: JudgedPair, dropped: Dropped | None) -> None:
        fate = f"{dropped.filter}: {dropped.reason}" if dropped else "kept"
        shown = self._by_fate.setdefault(fate, [])
        if len(shown) < self._size:
            shown.append(show(judged, dropped))

    def chosen(self) -> Iterable[str]:
        fates = sorted(self._by_fate, key=lambda fate: fate != "kept")
        rounds = [[self._by_fate[fate][turn : turn + 1] for fate in fates] for turn in range(self._size)]
        flat = [text for one_round in rounds for texts in one_round for text in texts]
        return flat[: self._size]


def show(judged: JudgedPair, dropped: Dropped | None) -> str:
    """One pair as a block of text."""
    pair = judged.pair
    fate = f"DROPPED by {dropped.filter}: {dropped.reason} ({dropped.detail})" if dropped else f"KEPT: {judged.verdict}"
    if judged.again:
        fate += f", asked again by {judged.again.by}"
    lines = [
        f"{pair.id} [{pair.scenario}] {fate}",
        _field("prompt", pair.prompt[-1].content),
        _field("response a", pair.response_a),
        _field("response b", pair.response_b),
    ]
    for order in Order:
        one = judged.comparison(order)
        if one is not None:
            scores = "" if one.score_a is None else f" (a {one.score_a:g}, b {one.score_b:g})"
            lines.append(_field(f"{order} shown", f"{one.verdict}{scores}: {one.comparison}"))
    for grade in judged.grades:
        lines.append(_field(f"{grade.response} alone", f"{grade.score:g}: {grade.critique}"))
    if judged.failures:
        failure = judged.failures[0]
        lines.append(_field("reply", failure.raw or failure.detail))
    return "\n".join(map(escaped, lines))


def _field(name: str, text: str) -> str:
    flat = " ".join(text.split())
    return f"  {name:<11} {flat if len(flat) <= _WIDTH else flat[: _WIDTH - 4] + ' ...'}"
