"""Drops pairs of which a judgment contradicts itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from filters.base import Drop, Margin
from filters.slots import side, stated_winner
from filters.texts import texts_of
from synth.domain import JudgedPair, PairwiseJudgment, PointwiseJudgment, Side, Verdict

_REASONS = (
    "winner scores lower",
    "tie with unequal scores",
    "words name another winner",
    "criteria against the score",
)


@dataclass(frozen=True, slots=True)
class Inconsistent:
    """What a judgment says in one place must not contradict what it says in another.

    - A winner must not score lower than the loser (equal scores leave the verdict alone). The scores of a tie differ by
      `tie_margin` points at most; the default asks for equal ones on scales of whole numbers. Prometheus 2
      (section 3.2) takes the winner from the scores for the same reason.
    - The response that the words call the better one must be the verdict's.
    - A grade must not be more than `criteria_margin` points away from more than half of its own criteria's grades, all
      of them on one side of it; nor may one response have the better grades on most criteria and the other the
      better score. None leaves the criteria out.

    Reasons: `winner scores lower`, `tie with unequal scores`, `words name another winner`, `criteria against the
    score`; the first of them counts where several hold.
    """

    tie_margin: Margin = 0.5
    criteria_margin: Margin | None = 3
    name: str = "inconsistent"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        return min(self._drops(judged), key=lambda drop: _REASONS.index(drop.reason), default=None)

    def _drops(self, judged: JudgedPair) -> Iterator[Drop]:
        for one in judged.comparisons:
            yield from self._scores(one)
            yield from _words(one)
        if self.criteria_margin is not None:
            for grade in judged.grades:
                yield from _criteria(grade, self.criteria_margin)
            yield from _most_criteria(judged)

    def _scores(self, one: PairwiseJudgment) -> Iterator[Drop]:
        if one.score_a is None or one.score_b is None:
            return
        ahead = one.score_a - one.score_b
        detail = f"pairwise {one.order}: verdict {one.verdict}, scores a {one.score_a:g} and b {one.score_b:g}"
        if one.verdict is Verdict.TIE:
            if abs(ahead) > self.tie_margin:
                yield Drop("tie with unequal scores", detail)
        elif ahead < 0 if one.verdict is Verdict.A else ahead > 0:
            yield Drop("winner scores lower", detail)


def _words(one: PairwiseJudgment) -> Iterator[Drop]:
    for text in texts_of(one):
        slot = stated_winner(text.words)
        if slot is not None and str(side(slot, one.order)) != str(one.verdict):
            stated = side(slot, one.order)
            yield Drop("words name another winner", f"{text.place}: verdict {one.verdict}, the words prefer {stated}")


def _criteria(grade: PointwiseJudgment, margin: float) -> Iterator[Drop]:
    scores = [one.score for one in grade.criteria]
    higher = sum(score - grade.score > margin for score in scores)
    lower = sum(grade.score - score > margin for score in scores)
    if max(higher, lower) * 2 > len(scores):
        grades = ", ".join(f"{score:g}" for score in scores)
        yield Drop(
            "criteria against the score", f"pointwise {grade.response}: score {grade.score:g}, criteria {grades}"
        )


def _most_criteria(judged: JudgedPair) -> Iterator[Drop]:
    a, b = judged.grade(Side.A), judged.grade(Side.B)
    if a is None or b is None:
        return
    of_a, of_b = _by_criterion(a), _by_criterion(b)
    gaps = [of_a[name] - of_b[name] for name in of_a if name in of_b]
    for_a, for_b = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    score = a.score - b.score
    if (score > 0 and for_b * 2 > len(gaps)) or (score < 0 and for_a * 2 > len(gaps)):
        detail = f"scores a {a.score:g} and b {b.score:g}, but of {len(gaps)} criteria a leads {for_a} and b {for_b}"
        yield Drop("criteria against the score", detail)


def _by_criterion(grade: PointwiseJudgment) -> dict[str, float]:
    """The score of each criterion, the mean of its scores where the grade names it more than once."""
    scores: dict[str, list[float]] = {}
    for one in grade.criteria:
        scores.setdefault(one.criterion, []).append(one.score)
    return {name: fsum(each) / len(each) for name, each in scores.items()}
