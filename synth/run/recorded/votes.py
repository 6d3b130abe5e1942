"""Several judgments of one ask made one: what most of them say, or all.

Votes are counted and never weighed, so that nothing of it is fitted to labels.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Literal

from synth.domain import Failure, PairwiseJudgment, PointwiseJudgment
from synth.run.recorded.judgment import Recorded

Rule = Literal["majority", "unanimous"]
RULES: tuple[Rule, ...] = ("majority", "unanimous")


def counted(votes: Sequence[Recorded], rule: Rule) -> Recorded:
    """The one judgment that votes of the same ask come to; what cannot be read is a vote for nobody.

    - pairwise: the verdict that more than half of the votes have, or all of them.
    - pointwise: the mean of the scores, where more than half of the votes have one, or all.

    Scores are means. The words are those of the first vote for the winner, or of the vote nearest to the mean. A vote
    alone stays as it is.
    """
    if len(votes) == 1:
        return votes[0]
    ask, teacher = votes[0].ask, " + ".join(vote.teacher for vote in votes)
    read = [vote for vote in votes if not isinstance(vote.outcome, Failure)]
    needed = len(votes) if rule == "unanimous" else len(votes) // 2 + 1
    said: Counter[str] = Counter(
        str(vote.outcome.verdict) if isinstance(vote.outcome, PairwiseJudgment) else "a score" for vote in read
    )
    winner, count = said.most_common(1)[0] if said else ("", 0)
    if count < needed:
        shares = ", ".join(f"{said[one]} say {one}" for one in sorted(said))
        unread = f"{len(votes) - len(read)} not readable" if len(read) < len(votes) else ""
        detail = f"of {len(votes)} votes {', '.join(filter(None, (shares, unread)))}"
        return Recorded(ask, teacher, Failure(ask, f"not {rule}", detail))
    comparisons = [one.outcome for one in read if isinstance(one.outcome, PairwiseJudgment)]
    if comparisons:
        chosen = next(vote for vote in read if vote.outcome in comparisons and _verdict(vote) == winner)
        assert isinstance(chosen.outcome, PairwiseJudgment)
        mean_a, mean_b = _mean([one.score_a for one in comparisons]), _mean([one.score_b for one in comparisons])
        return Recorded(ask, teacher, replace(chosen.outcome, score_a=mean_a, score_b=mean_b), chosen.reply)
    grades = [one for one in read if isinstance(one.outcome, PointwiseJudgment)]
    mean = fmean(_points(one) for one in grades)
    nearest = min(grades, key=lambda one: abs(_points(one) - mean))
    assert isinstance(nearest.outcome, PointwiseJudgment)
    return Recorded(ask, teacher, replace(nearest.outcome, score=mean), nearest.reply)


def _verdict(vote: Recorded) -> str:
    return str(vote.outcome.verdict) if isinstance(vote.outcome, PairwiseJudgment) else ""


def _points(vote: Recorded) -> float:
    return vote.outcome.score if isinstance(vote.outcome, PointwiseJudgment) else 0.0


def _mean(scores: Sequence[float | None]) -> float | None:
    given = [score for score in scores if score is not None]
    return fmean(given) if given else None
