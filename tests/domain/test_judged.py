import pytest
from hypothesis import given

from synth.domain import (
    Ask,
    Failure,
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
    asks,
)
from tests.strategies import judged_pairs, other_verdict, pairs, swapped, swapped_pair

PAIR = Pair("p", (Message("user", "q"),), "one", "two", "others")


def compared(ab: Verdict | None, ba: Verdict | None) -> JudgedPair:
    given_orders = ((Order.AB, ab), (Order.BA, ba))
    return JudgedPair(PAIR, tuple(PairwiseJudgment(order, said) for order, said in given_orders if said))


def graded(a: float | None, b: float | None) -> JudgedPair:
    given_sides = ((Side.A, a), (Side.B, b))
    return JudgedPair(PAIR, tuple(PointwiseJudgment(side, score) for side, score in given_sides if score is not None))


def test_a_pair_is_asked_about_in_both_orders_then_response_by_response() -> None:
    assert [ask.name for ask in asks((Protocol.POINTWISE, Protocol.PAIRWISE))] == [
        "pairwise ab",
        "pairwise ba",
        "pointwise a",
        "pointwise b",
    ]


@pytest.mark.parametrize("protocol", Protocol)
def test_only_the_wanted_protocols_are_asked(protocol: Protocol) -> None:
    assert [ask.protocol for ask in asks((protocol,))] == [protocol, protocol]


def test_each_response_is_found_by_its_side() -> None:
    assert [PAIR.response(side) for side in Side] == ["one", "two"]


@pytest.mark.parametrize(
    ("judged", "verdict"),
    [
        pytest.param(compared(Verdict.A, Verdict.A), Verdict.A, id="both orders agree"),
        pytest.param(compared(Verdict.TIE, Verdict.TIE), Verdict.TIE, id="both orders tie"),
        pytest.param(compared(Verdict.A, Verdict.B), None, id="the orders differ"),
        pytest.param(compared(Verdict.A, Verdict.TIE), None, id="one order ties"),
        pytest.param(compared(None, Verdict.B), Verdict.B, id="one order only"),
        pytest.param(graded(7, 3), Verdict.A, id="a graded higher"),
        pytest.param(graded(3, 7), Verdict.B, id="b graded higher"),
        pytest.param(graded(0, 0), Verdict.TIE, id="graded the same"),
        pytest.param(graded(7, None), None, id="one response ungraded"),
        pytest.param(JudgedPair(PAIR), None, id="nothing judged"),
        pytest.param(
            JudgedPair(PAIR, compared(Verdict.B, Verdict.B).judgments + graded(9, 1).judgments),
            Verdict.B,
            id="comparisons before grades",
        ),
        pytest.param(
            JudgedPair(PAIR, compared(Verdict.A, Verdict.B).judgments + graded(9, 1).judgments),
            None,
            id="grades settle no dispute of comparisons",
        ),
    ],
)
def test_the_verdict_is_what_all_comparisons_say_or_else_what_the_grades_say(
    judged: JudgedPair, verdict: Verdict | None
) -> None:
    assert judged.verdict is verdict


@given(judged_pairs())
def test_the_verdict_goes_with_the_response_and_not_with_its_name(judged: JudgedPair) -> None:
    renamed = swapped(judged).verdict
    assert renamed == (judged.verdict and other_verdict(judged.verdict))


@given(judged_pairs())
def test_every_judgment_is_found_by_what_was_asked(judged: JudgedPair) -> None:
    found = [judged.comparison(order) for order in Order] + [judged.grade(side) for side in Side]
    assert tuple(one for one in found if one) == judged.judgments


@given(judged_pairs())
def test_renaming_twice_changes_nothing(judged: JudgedPair) -> None:
    assert swapped(swapped(judged)) == judged


@given(pairs)
def test_renaming_moves_the_responses(pair: Pair) -> None:
    assert [swapped_pair(pair).response(side) for side in Side] == [pair.response(side.other) for side in Side]


def test_an_ask_is_named_by_its_order_or_its_response() -> None:
    assert Ask(Protocol.PAIRWISE, order=Order.BA).name == "pairwise ba"
    assert Ask(Protocol.POINTWISE, response=Side.B).name == "pointwise b"


def test_the_outcome_of_an_ask_is_its_judgment_or_its_failure_or_nothing() -> None:
    comparison, grade = PairwiseJudgment(Order.AB, Verdict.A), PointwiseJudgment(Side.B, 3)
    failure = Failure(Ask(Protocol.POINTWISE, response=Side.A), "refused", "")
    judged = JudgedPair(PAIR, (comparison, grade), (failure,))

    found = {ask.name: judged.outcome(ask) for ask in asks(tuple(Protocol))}

    assert found == {"pairwise ab": comparison, "pairwise ba": None, "pointwise a": failure, "pointwise b": grade}
