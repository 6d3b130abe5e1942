"""Several judgments of one ask made one: what most of them say, or all.

Votes are counted and never weighed, so that nothing of it is fitted to labels. Each way of asking counts its own: the
comparisons in one order, those in the other, and the graders. Filters then ask of the results what they always ask.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from statistics import fmean
from typing import Literal

from synth.domain import Ask, Failure, Judgment, PairwiseJudgment, PointwiseJudgment, Protocol, Side, Verdict
from synth.run.recorded.judgment import Recorded

Rule = Literal["majority", "unanimous"]


def counted(judged: Mapping[Ask, Sequence[Recorded]], rule: Rule) -> dict[Ask, Recorded]:
    """What the judgments of one pair come to, one an ask. An ask that was judged once stays as it is.

    - pairwise: the verdict of more than half of the votes for an order, or of all.
    - pointwise: a teacher that graded both responses votes for the one it grades higher, or for a tie.

    A vote that cannot be read is for nobody, and still counts among all. Scores are the means of the votes for the
    winner, words those of the first of them. Without a winner the ask is a failure, `not majority` or
    `not unanimous`.
    """
    made: dict[Ask, Recorded] = {ask: votes[0] for ask, votes in judged.items() if len(votes) == 1}
    for ask, votes in judged.items():
        if ask.protocol is Protocol.PAIRWISE and len(votes) > 1:
            winners, why = _winners([_verdict(vote) for vote in votes], rule)
            made[ask] = _together(ask, votes, winners, why, rule)
    ask_of = {side: Ask(Protocol.POINTWISE, response=side) for side in Side}
    graded = {ask: judged[ask] for ask in ask_of.values() if ask in judged}
    if any(len(votes) > 1 for votes in graded.values()):
        by_teacher = _graders(graded.get(ask_of[Side.A], ()), graded.get(ask_of[Side.B], ()))
        winners, why = _winners([_preferred(*both) for both in by_teacher], rule)
        for place, ask in enumerate(ask_of.values()):
            if ask in graded:
                made[ask] = _together(ask, [both[place] for both in by_teacher], winners, why, rule)
    return made


def _winners(said: Sequence[Verdict | None], rule: Rule) -> tuple[list[int], str]:
    """The places of the votes for the winner, none where there is none; and how the votes fell."""
    votes = Counter(str(one) for one in said if one is not None)
    unread = sum(one is None for one in said)
    shares = [f"{votes[one]} for {one}" for one in sorted(votes)] + ([f"{unread} for nobody"] if unread else [])
    needed = len(said) if rule == "unanimous" else len(said) // 2 + 1
    winner = next((one for one, count in votes.items() if count >= needed), None)
    return [place for place, one in enumerate(said) if one is not None and one == winner], ", ".join(shares)


def _together(ask: Ask, votes: Sequence[Recorded | None], winners: Sequence[int], why: str, rule: Rule) -> Recorded:
    teacher = " + ".join(vote.teacher for vote in votes if vote)
    if not winners:
        return Recorded(ask, teacher, Failure(ask, f"not {rule}", f"of {len(votes)} votes {why}"))
    won = [vote for place in winners if (vote := votes[place])]
    same = [vote.outcome for vote in won if not isinstance(vote.outcome, Failure)]
    return Recorded(ask, teacher, _mean(same), won[0].reply)


def _mean(same: Sequence[Judgment]) -> Judgment:
    """The first of judgments that say the same, with the means of their scores."""
    first = same[0]
    if isinstance(first, PointwiseJudgment):
        return replace(first, score=fmean(one.score for one in same if isinstance(one, PointwiseJudgment)))
    compared = [one for one in same if isinstance(one, PairwiseJudgment)]
    scores_a = [one.score_a for one in compared if one.score_a is not None]
    scores_b = [one.score_b for one in compared if one.score_b is not None]
    return replace(first, score_a=fmean(scores_a) if scores_a else None, score_b=fmean(scores_b) if scores_b else None)


Both = tuple[Recorded | None, Recorded | None]


def _graders(of_a: Sequence[Recorded], of_b: Sequence[Recorded]) -> list[Both]:
    """The two grades of each teacher; where it graded a response several times, the first goes with the first."""
    names = sorted({one.teacher for one in (*of_a, *of_b)})  # the file's order may be another for each response
    return [
        both
        for name in names
        for both in zip_longest(
            (one for one in of_a if one.teacher == name), (one for one in of_b if one.teacher == name)
        )
    ]


def _verdict(vote: Recorded) -> Verdict | None:
    return vote.outcome.verdict if isinstance(vote.outcome, PairwiseJudgment) else None


def _preferred(a: Recorded | None, b: Recorded | None) -> Verdict | None:
    if a is None or b is None:
        return None
    if not isinstance(a.outcome, PointwiseJudgment) or not isinstance(b.outcome, PointwiseJudgment):
        return None
    ahead = a.outcome.score - b.outcome.score
    return Verdict.TIE if ahead == 0 else Verdict.A if ahead > 0 else Verdict.B
