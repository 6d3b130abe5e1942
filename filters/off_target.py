"""Drops pairs whose verdict contradicts what the responses were made to be."""

from dataclasses import dataclass

from filters.base import Drop, Margin
from synth.domain import JudgedPair, Side, Verdict

_WINNER = {Verdict.A: Side.A, Verdict.B: Side.B}


@dataclass(frozen=True, slots=True)
class OffTarget:
    """The teacher must prefer the response that was written to be the better one.

    Where both responses were written to earn a score, as those of Prometheus' Feedback Collection are (Kim et al.
    2023), the one with the higher target wins, and is not graded lower when both are graded alone. A tie is fine where
    the targets differ by `tie_margin` at most. A response with a planted flaw loses, and a tie is no better, as it is
    the other response but for the flaw (Doddapaneni et al. 2024, "Finding Blind Spots in Evaluator LLMs with
    Interpretable Checklists", audit evaluators so). Which of the two erred, teacher or writer, nobody knows; the label
    is not trusted. Pairs without two targets and without a planted flaw are left alone, and so are equal targets.
    Reasons: `against the targets`, `tie across targets`, `grades against the targets`, `against the planted flaw`,
    `planted flaw not seen`, `grades against the planted flaw`.
    """

    tie_margin: Margin = 1
    name: str = "off_target"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        pair = judged.pair
        if pair.flawed is not None:
            return _contradicts(judged, pair.flawed.other, "planted flaw", f"{pair.planted} in {pair.flawed}", tie=True)
        if pair.target_a is None or pair.target_b is None or pair.target_a == pair.target_b:
            return None
        better = Side.A if pair.target_a > pair.target_b else Side.B
        detail = f"targets a {pair.target_a:g} and b {pair.target_b:g}"
        return _contradicts(judged, better, "targets", detail, tie=abs(pair.target_a - pair.target_b) > self.tie_margin)


def _contradicts(judged: JudgedPair, better: Side, what: str, detail: str, *, tie: bool) -> Drop | None:
    """`tie` is whether a tie contradicts, too."""
    said = f"{detail}, verdict {judged.verdict}"
    if _WINNER.get(judged.verdict or Verdict.TIE) is better.other:
        return Drop(f"against the {what}", said)
    if judged.verdict is Verdict.TIE and tie:
        return Drop("planted flaw not seen" if what == "planted flaw" else "tie across targets", said)
    above, below = judged.grade(better), judged.grade(better.other)
    if above is not None and below is not None and above.score < below.score:
        return Drop(
            f"grades against the {what}", f"{detail}, {better} graded {above.score:g}, the other {below.score:g}"
        )
    return None
