from dataclasses import replace

from hypothesis import given

from filters import Drop
from filters.ungrounded import Ungrounded
from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, PointwiseJudgment, Side, Verdict
from synth.exports.augment import Augment, copies
from synth.exports.augment.copies import copied
from synth.exports.augment.reference import drop, support
from synth.exports.augment.swap import renamed, swap
from tests.strategies import judged_pairs, judged_with_words, swapped

PAIR = Pair(
    "p",
    (Message("user", "Where is the castle?"),),
    "It stands on a hill near the town.",
    "I have never been there myself.",
    "others",
    model_a="m1",
    model_b="m2",
    human_label=Verdict.A,
)
AB = PairwiseJudgment(
    Order.AB,
    Verdict.A,
    8,
    3,
    'Response 1 is better than Response 2: it says "on a hill near the town".',
    "Response 1 is right.",
    "Response 2 does not say.",
    "On a hill.",
)
BA = PairwiseJudgment(
    Order.BA,
    Verdict.A,
    9,
    2,
    "Response 2 is better than Response 1.",
    "Response 2 says where.",
    "Response 1 says nothing.",
)
GRADES = (PointwiseJudgment(Side.A, 7, "Right."), PointwiseJudgment(Side.B, 2, "No answer."))
JUDGED = JudgedPair(PAIR, (AB, BA, *GRADES))


def of(made: JudgedPair | Drop | None) -> JudgedPair:
    assert isinstance(made, JudgedPair)
    return made


def test_a_swapped_copy_has_the_teachers_own_words_of_the_other_order() -> None:
    copy = of(swap(JUDGED, "other_order"))
    shown = copy.comparison(Order.AB)
    assert (copy.pair.response_a, copy.pair.response_b) == (PAIR.response_b, PAIR.response_a)
    assert (copy.pair.model_a, copy.pair.model_b, copy.pair.human_label) == ("m2", "m1", Verdict.B)
    assert copy.verdict is Verdict.B
    assert shown == PairwiseJudgment(
        Order.AB, Verdict.B, 2, 9, BA.comparison, "Response 1 says nothing.", "Response 2 says where."
    )
    assert copy.grade(Side.B) == PointwiseJudgment(Side.B, 7, "Right.")


def test_a_relabelled_copy_is_the_counterpart_of_the_words_in_each_order() -> None:
    copy = of(swap(JUDGED, "relabel"))
    assert copy.comparison(Order.AB) == PairwiseJudgment(
        Order.AB,
        Verdict.B,
        3,
        8,
        'Response 2 is better than Response 1: it says "on a hill near the town".',
        "Response 1 does not say.",
        "Response 2 is right.",
        "On a hill.",
    )
    other = copy.comparison(Order.BA)
    assert other is not None
    assert other.comparison == "Response 1 is better than Response 2."


def test_words_of_one_order_alone_are_relabelled() -> None:
    one = replace(JUDGED, judgments=(AB,))
    copy = of(swap(one, "other_order"))
    assert copy == of(swap(one, "relabel"))
    assert copy.comparison(Order.AB) is not None
    assert of(swap(replace(JUDGED, judgments=(BA,)), "other_order")).comparison(Order.AB) is not None


def test_a_copy_in_doubt_is_dropped_with_the_reason() -> None:
    vague = replace(JUDGED, judgments=(replace(AB, comparison="The first one is better."),))
    assert swap(vague, "relabel") == Drop("the first or second of something", "The first one")


def test_a_copy_to_which_a_filter_objects_is_dropped() -> None:
    # "the other response" is what the filter takes for either of them; after the swap it must be the one that is named
    said = replace(AB, comparison="Response 1 is better than Response 2. Output (b) is the better one.")
    assert isinstance(swap(replace(JUDGED, judgments=(said,)), "relabel"), Drop)


@given(judged_pairs())
def test_renaming_is_what_the_pair_would_have_been_and_undoes_itself(judged: JudgedPair) -> None:
    copy = renamed(judged)
    assert copy == swapped(judged) or copy.failures
    assert renamed(copy).pair == judged.pair
    assert set(renamed(copy).judgments) == set(judged.judgments)
    assert swap(judged, "other_order") == copy or len(judged.comparisons) == 1


@given(judged_with_words())
def test_a_relabelled_copy_says_the_other_verdict_and_relabels_back(judged: JudgedPair) -> None:
    before = repr(judged)
    copy = swap(judged, "relabel")
    assert repr(judged) == before, "nothing changes in place"
    if isinstance(copy, JudgedPair):
        assert copy.verdict == renamed(judged).verdict
        again = swap(copy, "relabel")
        assert isinstance(again, Drop) or again == judged
        assert Ungrounded()(copy) is None or Ungrounded()(judged) is not None


def test_a_copy_without_reference_has_none_anywhere() -> None:
    given_one = replace(JUDGED, pair=replace(PAIR, reference="Near the town."))
    for judged in (JUDGED, given_one):
        copy = of(drop(judged))
        assert copy.pair.reference == ""
        assert [one.reference for one in copy.judgments] == [""] * 4


def test_a_copy_with_reference_has_the_pairs_own_or_what_the_teacher_wrote() -> None:
    assert of(support(JUDGED)).pair.reference == "On a hill."
    assert (
        of(support(replace(JUDGED, pair=replace(PAIR, reference="Near the town.")))).pair.reference == "Near the town."
    )


def test_without_any_reference_there_is_nothing_to_copy() -> None:
    bare = JudgedPair(PAIR, (BA,))
    assert support(bare) is None
    assert drop(bare) is None


def test_a_copy_without_reference_is_dropped_where_the_words_need_it() -> None:
    names = replace(AB, comparison="Response 1 agrees with the reference answer.")
    assert drop(replace(JUDGED, judgments=(names,))) == Drop(
        "leaky: names the reference", "pairwise ab comparison: 'the reference answer'"
    )
    judged = replace(JUDGED, pair=replace(PAIR, reference="It was built in the year 1250 by monks."))
    quotes = replace(
        AB, comparison='Response 1 is better, though it lacks the facts. It says "in the year 1250 by monks".'
    )
    made = drop(replace(judged, judgments=(quotes,)))
    assert isinstance(made, Drop)
    assert made.reason == "ungrounded: quote not found"


def test_every_copy_has_an_id_of_its_own() -> None:
    both = Augment("other_order", "both")
    ids = [of(copy.made).pair.id for copy in copies(JUDGED, both)]
    assert ids == ["p~swap", "p~reference", "p~no-reference", "p~swap~reference", "p~swap~no-reference"]
    assert [of(copy.made).pair.id for copy in copies(JUDGED, Augment("other_order"), {"p~swap"})] == ["p~swap~"]
    assert list(copies(JUDGED, Augment())) == []


def test_a_copy_is_known_by_its_id_and_says_that_nobody_was_asked_about_it() -> None:
    found = [of(one.made) for one in copies(replace(JUDGED, asked="0123"), Augment("other_order", "both"), {"p~swap"})]
    assert len(found) > 1
    assert {one.asked for one in found} == {""}
    ids = {JUDGED.pair.id, "p~swap", *(one.pair.id for one in found)}
    assert all(copied(one.pair.id, ids) for one in found)
    assert not any(copied(name, ids) for name in (JUDGED.pair.id, "x~swap", f"{JUDGED.pair.id}~other"))
