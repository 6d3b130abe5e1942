from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from filters.unbalanced import Unbalanced
from synth.domain import JudgedPair, Order, Side, Verdict
from tests.filters.judged import AB, BA, TIE, A, B, asked, compared, graded, judged, numbered

NOTHING = Unbalanced(verdict=None, first_wins=None, longer_wins=None)


def pair(verdict: Verdict, a: str = "long enough", b: str = "short", *orders: Order) -> JudgedPair:
    return asked(judged(*(compared(order, verdict) for order in orders or (AB, BA))), a=a, b=b)


def left(pairs: list[JudgedPair], by: Unbalanced) -> list[JudgedPair]:
    named = numbered(pairs)
    dropped = by.drops(dict(enumerate(map(by.note, named))))
    return [one for place, one in enumerate(named) if place not in dropped]


def verdicts(pairs: list[JudgedPair]) -> Counter[str]:
    return Counter(str(one.verdict) for one in pairs)


def test_no_verdict_has_more_than_its_share() -> None:
    pairs = [pair(A)] * 30 + [pair(B)] * 10
    assert verdicts(left(pairs, replace(NOTHING, verdict=0.5))) == {"a": 10, "b": 10}
    assert verdicts(left(pairs, replace(NOTHING, verdict=0.75))) == {"a": 30, "b": 10}


def test_a_cap_that_cannot_be_kept_is_left_out() -> None:
    assert len(left([pair(A)] * 9, Unbalanced())) == 9
    assert len(left([pair(A)] * 9 + [pair(B)] * 5, replace(NOTHING, verdict=0.4))) == 14


def test_winners_that_were_shown_first_have_no_more_than_their_share() -> None:
    first = [pair(A, "one", "two", AB)] * 12 + [pair(B, "one", "two", BA)] * 12
    second = [pair(B, "one", "two", AB)] * 8
    stays = left(first + second, replace(NOTHING, first_wins=0.5))
    assert Counter(str(one.verdict) + one.comparisons[0].order for one in stays)["bab"] == 8
    assert len(stays) == 16


def test_longer_winners_have_no_more_than_their_share() -> None:
    stays = left([pair(A)] * 20 + [pair(B)] * 5, replace(NOTHING, longer_wins=0.7))
    assert verdicts(stays) == {"a": 11, "b": 5}


def test_all_caps_hold_at_once_and_no_more_goes_than_must() -> None:
    pairs = (
        [pair(A)] * 40
        + [pair(A, "s", "longer one")] * 5
        + [pair(B)] * 10
        + [pair(B, "s", "longer")] * 25
        + [pair(TIE)] * 10
    )
    stays = left(pairs, Unbalanced(verdict=0.4, longer_wins=0.6))
    share = {verdict: count / len(stays) for verdict, count in verdicts(stays).items()}
    assert max(share.values()) <= 0.4
    decided = [one for one in stays if one.verdict is not TIE]
    longer = [one for one in decided if (len(one.pair.response_a) > len(one.pair.response_b)) == (one.verdict is A)]
    assert len(longer) <= 0.6 * len(decided)
    assert len(stays) >= 40


def test_scores_are_evened_out() -> None:
    pairs = [judged(graded(Side.A, 8), graded(Side.B, 8))] * 20 + [
        judged(graded(Side.A, s), graded(Side.B, s + 1)) for s in range(1, 7)
    ]
    stays = left(pairs, replace(NOTHING, score=0.25))
    grades = Counter(grade.score for one in stays for grade in one.grades)
    assert max(grades.values()) <= 0.25 * grades.total()
    assert len(stays) == 8


def test_a_scenario_has_so_many_pairs_at_most() -> None:
    code = replace(pair(A), pair=replace(pair(A).pair, scenario="code_generation"))
    stays = left([code] * 5 + [pair(A)] * 2, replace(NOTHING, per_scenario=3))
    assert Counter(one.pair.scenario for one in stays) == {"code_generation": 3, "others": 2}


def test_the_seed_draws_others() -> None:
    pairs = [pair(A)] * 30 + [pair(B)] * 10
    drawn = {tuple(one.pair.id for one in left(pairs, Unbalanced(seed=seed))) for seed in range(5)}
    assert len(drawn) == 5


def test_a_reason_says_of_what_there_is_too_much() -> None:
    by = replace(NOTHING, verdict=0.5)
    drops = by.drops(dict(enumerate(map(by.note, numbered([pair(A)] * 3 + [pair(B)])))))
    assert {(drop.reason, drop.detail) for drop in drops.values()} == {("too many: verdict", "a")}
    full = replace(NOTHING, per_scenario=1)
    (drop,) = full.drops(dict(enumerate(map(full.note, numbered([pair(A), pair(B)]))))).values()
    assert (drop.reason, drop.detail) == ("scenario is full", "others has 1 pairs")


caps = st.none() | st.floats(0.3, 1)
lengths = st.sampled_from(["s", "longer"])
some = st.lists(st.builds(pair, st.sampled_from(Verdict), lengths, st.just("mid"), st.sampled_from(Order)), max_size=40)


@given(st.builds(Unbalanced, verdict=caps, first_wins=caps, longer_wins=caps), some)
def test_it_comes_to_an_end_and_keeps_what_is_in_order_already(by: Unbalanced, pairs: list[JudgedPair]) -> None:
    once = left(pairs, by)
    notes = dict(enumerate(map(by.note, once)))
    assert by.drops(notes) == {}


def test_a_pair_of_a_published_dataset_was_won_in_both_orders_though_one_is_here() -> None:
    first = [replace(pair(A, "one", "two", AB), carried=True)] * 12 + [pair(B, "one", "two", AB)] * 4
    assert len(left(first, replace(NOTHING, first_wins=0.5))) == 16
