"""Drops pairs of which a comparison contradicts its own scores."""

from dataclasses import dataclass

from filters.base import Drop
from synth.domain import JudgedPair, PairwiseJudgment, Verdict

_WORST = "winner scores lower"
_TIE = "tie with unequal scores"


@dataclass(frozen=True, slots=True)
class Inconsistent:
    """The verdict of a comparison must not contradict the scores it gives.

    A winner must not score lower than the loser (equal scores leave the verdict alone). The scores of a tie differ by
    `tie_margin` points at most; the default asks for equal ones on scales of whole numbers. Prometheus 2 (section 3.2)
    takes the winner from the scores for the same reason. Reasons: `winner scores lower`, which counts where both orders
    object, `tie with unequal scores`.
    """

    tie_margin: float = 0.5
    name: str = "inconsistent"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        drops = [
            Drop(reason, _detail(one))
            for one in judged.comparisons
            if one.score_a is not None and one.score_b is not None
            if (reason := self._contradiction(one.verdict, one.score_a - one.score_b))
        ]
        return max(drops, key=lambda drop: drop.reason == _WORST, default=None)

    def _contradiction(self, verdict: Verdict, ahead: float) -> str:
        if verdict is Verdict.TIE:
            return _TIE if abs(ahead) > self.tie_margin else ""
        loses = ahead < 0 if verdict is Verdict.A else ahead > 0
        return _WORST if loses else ""


def _detail(one: PairwiseJudgment) -> str:
    return f"pairwise {one.order}: verdict {one.verdict}, scores a {one.score_a:g} and b {one.score_b:g}"
