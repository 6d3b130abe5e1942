"""Votes: each way of asking counts its own, and nothing depends on which response is called a."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Ask, Failure, Judgment, Order, PairwiseJudgment, PointwiseJudgment, Protocol, Side, Verdict
from synth.run.recorded.judgment import Recorded
from synth.run.recorded.votes import Rule, counted
from tests.filters.judged import A, B, compared, graded
from tests.strategies import ask_of, failures_of, judgments, swapped_ask, swapped_judgment

AB = Ask(Protocol.PAIRWISE, order=Order.AB)
OF_A, OF_B = (Ask(Protocol.POINTWISE, response=side) for side in Side)


def votes(*outcomes: Judgment | Failure) -> list[Recorded]:
    """By teachers of their own: t1, t2, ..."""
    asks = [one.ask if isinstance(one, Failure) else ask_of(one) for one in outcomes]
    places = [asks[:place].count(ask) + 1 for place, ask in enumerate(asks)]
    return [
        Recorded(ask, f"t{place}", one, reply=f"reply {place}")
        for ask, place, one in zip(asks, places, outcomes, strict=True)
    ]


def by_ask(every: Sequence[Recorded]) -> dict[Ask, list[Recorded]]:
    made: dict[Ask, list[Recorded]] = {}
    for one in every:
        made.setdefault(one.ask, []).append(one)
    return made


def test_most_comparisons_decide_with_their_mean_scores_and_the_words_of_the_first_of_them() -> None:
    three = votes(
        compared(Order.AB, B, 2, 8, says="b"), compared(Order.AB, A, 7, 3, says="a"), compared(Order.AB, A, 9, 4)
    )
    made = counted(by_ask(three), "majority")[AB]
    assert made.outcome == PairwiseJudgment(Order.AB, A, 8, 3.5, comparison="a")
    assert (made.teacher, made.reply) == ("t1 + t2 + t3", "reply 2")


def test_all_comparisons_must_agree_where_that_is_the_rule() -> None:
    three = votes(compared(Order.AB, B), compared(Order.AB, A), compared(Order.AB, A))
    made = counted(by_ask(three), "unanimous")[AB].outcome
    assert isinstance(made, Failure)
    assert (made.reason, made.detail) == ("not unanimous", "of 3 votes 2 for a, 1 for b")
    assert counted(by_ask(three[1:]), "unanimous")[AB].outcome == three[1].outcome


def test_half_of_the_votes_are_no_majority_and_a_reply_nobody_can_read_is_a_vote() -> None:
    unread = Failure(AB, "unreadable", "")
    made = counted(by_ask(votes(compared(Order.AB, A), unread)), "majority")[AB].outcome
    assert isinstance(made, Failure)
    assert (made.reason, made.detail) == ("not majority", "of 2 votes 1 for a, 1 for nobody")
    enough = votes(compared(Order.AB, A), unread, compared(Order.AB, A))
    assert isinstance(counted(by_ask(enough), "majority")[AB].outcome, PairwiseJudgment)


def test_a_teacher_that_graded_both_votes_for_the_one_it_grades_higher() -> None:
    """The means over all three would say b."""
    a, b = Side
    every = votes(graded(a, 6), graded(b, 5), graded(a, 7), graded(b, 6), graded(a, 1), graded(b, 9))
    made = counted(by_ask(every), "majority")
    assert made[OF_A].outcome == PointwiseJudgment(a, 6.5)
    assert made[OF_B].outcome == PointwiseJudgment(b, 5.5)
    undecided = counted(by_ask(every), "unanimous")
    assert [type(undecided[ask].outcome) for ask in (OF_A, OF_B)] == [Failure, Failure]


def test_a_grade_without_its_other_half_is_a_vote_for_nobody() -> None:
    a, b = Side
    made = counted(by_ask(votes(graded(a, 6), graded(b, 5), graded(a, 7))), "majority")
    assert [type(made[ask].outcome) for ask in (OF_A, OF_B)] == [Failure, Failure]


def test_a_judgment_alone_stays_as_it_is() -> None:
    (one,) = votes(compared(Order.AB, A, 3, 9, says="x"))
    assert counted({AB: [one]}, "unanimous") == {AB: one}


_OUTCOMES = judgments | st.sampled_from([AB, OF_A, OF_B]).flatmap(failures_of)


@given(st.lists(_OUTCOMES, max_size=12), st.sampled_from(get_args(Rule)))
def test_votes_do_not_depend_on_which_response_is_called_a(outcomes: list[Judgment | Failure], rule: Rule) -> None:
    every = votes(*outcomes)
    made = counted(by_ask(every), rule)
    other = counted(by_ask(list(map(_swapped, every))), rule)
    assert made.keys() == {one.ask for one in every}
    for ask, one in made.items():
        swapped = other[swapped_ask(ask)].outcome
        if isinstance(one.outcome, Failure):
            assert isinstance(swapped, Failure)
            assert swapped.reason == one.outcome.reason
        else:
            assert swapped == swapped_judgment(one.outcome)


@given(st.lists(_OUTCOMES, max_size=12))
def test_what_all_agree_on_most_agree_on(outcomes: list[Judgment | Failure]) -> None:
    all_agree = counted(by_ask(votes(*outcomes)), "unanimous")
    most = counted(by_ask(votes(*outcomes)), "majority")
    assert all(most[ask] == one for ask, one in all_agree.items() if not isinstance(one.outcome, Failure))


def _swapped(one: Recorded) -> Recorded:
    if isinstance(one.outcome, Failure):
        ask = swapped_ask(one.ask)
        return replace(one, ask=ask, outcome=replace(one.outcome, ask=ask))
    return replace(one, ask=swapped_ask(one.ask), outcome=swapped_judgment(one.outcome))


def test_a_tie_is_a_vote_too() -> None:
    a, b = Side
    every = votes(graded(a, 6), graded(b, 6), graded(a, 7), graded(b, 7), graded(a, 1), graded(b, 9))
    made = counted(by_ask(every), "majority")
    assert made[OF_A].outcome == PointwiseJudgment(a, 6.5)
    assert made[OF_B].outcome == PointwiseJudgment(b, 6.5)
    two = votes(compared(Order.AB, Verdict.TIE), compared(Order.AB, Verdict.TIE), compared(Order.AB, B))
    outcome = counted(by_ask(two), "majority")[AB].outcome
    assert isinstance(outcome, PairwiseJudgment)
    assert outcome.verdict is Verdict.TIE
