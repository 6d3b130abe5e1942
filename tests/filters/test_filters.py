"""What holds for all filters, and for the filters of a run together."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import FILTERS, PRESETS, Drop, Dropped, Filter, SetFilter, Settle, chosen
from filters.contaminated import Contaminated
from filters.order_unstable import OrderUnstable
from filters.parallel import in_order
from filters.stages import Filters
from filters.unbalanced import Unbalanced
from synth.domain import AskedAgain, Failure, JudgedPair, Side, Verdict
from tests.filters.judged import AB, BA, EVERY, TIE, A, B, compared, graded, judged, numbered
from tests.strategies import judged_pairs, judged_with_words, other_verdict, swapped

ONE_BY_ONE = [one for one in FILTERS if isinstance(one, Filter)]
TOGETHER = [one for one in FILTERS if isinstance(one, SetFilter)]
# Filters whose defaults let nearly everything pass, so that they find something in generated pairs.
EAGER: list[Filter] = [
    OrderUnstable(policy="tie"),
    OrderUnstable(score_margin=0),
    Contaminated(n=1).against(["tea tea tea tea tea"]),
    *(one for preset in PRESETS for one in chosen(preset).per_pair),
]
SETS: list[SetFilter] = [
    *(one for preset in PRESETS for one in chosen(preset).whole_set),
    Unbalanced(score=0.2, per_scenario=3),
    Unbalanced(longer_wins=0.5, first_wins=0.4, verdict=0.4),
]


def renamed(found: Drop | Settle | None) -> str | Verdict | None:
    """What becomes of the swapped pair, had `found` become of the pair."""
    return found.reason if isinstance(found, Drop) else found and other_verdict(found.verdict)


@given(st.sampled_from([*ONE_BY_ONE, *EAGER]), judged_pairs() | judged_with_words())
@settings(max_examples=400)
def test_no_filter_depends_on_which_response_is_called_a(one: Filter, pair: JudgedPair) -> None:
    found, other = one(pair), one(swapped(pair))
    assert renamed(found) == (other.reason if isinstance(other, Drop) else other and other.verdict)


many = st.lists(judged_pairs(with_failures=False) | judged_with_words(), max_size=12).map(numbered)


def dropped_by(one: SetFilter, pairs: list[JudgedPair]) -> dict[str, str]:
    drops = one.drops({place: one.note(pair) for place, pair in enumerate(pairs)})
    return {pairs[place].pair.id: drop.reason for place, drop in drops.items()}


@given(st.sampled_from([*TOGETHER, *SETS]), many)
@settings(max_examples=200)
def test_no_filter_of_a_set_depends_on_which_response_is_called_a(one: SetFilter, pairs: list[JudgedPair]) -> None:
    assert dropped_by(one, pairs) == dropped_by(one, [swapped(pair) for pair in pairs])


@given(st.sampled_from([*TOGETHER, *SETS]), many, st.randoms())
@settings(max_examples=200)
def test_no_filter_of_a_set_depends_on_the_order_of_its_rows(
    one: SetFilter, pairs: list[JudgedPair], by: object
) -> None:
    shuffled = list(pairs)
    by.shuffle(shuffled)  # type: ignore[attr-defined]
    assert dropped_by(one, pairs) == dropped_by(one, shuffled)


@given(judged_pairs())
def test_what_every_preset_keeps_has_a_verdict(pair: JudgedPair) -> None:
    for preset in PRESETS:
        kept = chosen(preset).one(pair)
        assert isinstance(kept, Dropped) or kept.verdict is not None


@given(judged_pairs() | judged_with_words())
def test_each_preset_drops_whatever_a_milder_one_drops(pair: JudgedPair) -> None:
    fates = [isinstance(chosen(preset).one(pair), Dropped) for preset in ("minimal", "default", "strict")]
    assert fates == sorted(fates)


def test_names_are_unique_and_presets_name_filters() -> None:
    known = [one.name for one in FILTERS]
    assert len(set(known)) == len(known)
    assert {name for preset in PRESETS.values() for name in preset} <= set(known)


def test_the_first_filter_that_objects_names_the_reason() -> None:
    contrary_flip = judged(compared(AB, A, 1, 9), compared(BA, B, 1, 9))
    assert chosen("default").one(contrary_flip) == Dropped(
        "inconsistent", "winner scores lower", "pairwise ab: verdict a, scores a 1 and b 9"
    )
    assert chosen("minimal").one(contrary_flip) == Dropped(
        "order_unstable", "verdict flips", "the response shown first wins both times"
    )
    unread = judged(compared(AB, A, 1, 9), Failure(EVERY[1], "empty", "no words"))
    assert chosen("default").one(unread) == Dropped("malformed", "empty", "pairwise ba: no words")


def test_a_pair_without_fault_is_kept_as_it_is() -> None:
    fine = judged(compared(AB, TIE, 5, 5), compared(BA, TIE, 7, 7))
    assert chosen("default").one(fine) == fine


class ReadTwice:
    """Pairs that can be read again and again, as a table can."""

    def __init__(self, pairs: list[JudgedPair]) -> None:
        self.pairs, self.times = pairs, 0

    def __iter__(self) -> Iterator[JudgedPair]:
        self.times += 1
        return iter(self.pairs)


def test_a_settled_verdict_reaches_the_filters_that_follow_and_the_end() -> None:
    flip = judged(compared(AB, A), compared(BA, B))
    for filters in (
        Filters((OrderUnstable(policy="tie"),)),
        Filters((OrderUnstable(policy="tie"),), (Unbalanced(),)),
    ):
        ((settled, objection),) = filters.all([flip])
        assert objection is None
        assert settled.verdict is TIE
        assert settled.judgments == flip.judgments


def test_filters_of_the_set_see_only_what_is_left_and_the_pairs_come_in_their_order() -> None:
    copies = numbered([judged(compared(AB, A), compared(BA, B)), *[judged(compared(AB, A), compared(BA, A))] * 3])
    table = ReadTwice(copies)
    found = list(chosen("default").all(table))
    assert [pair for pair, _ in found] == copies
    fates = [objection and objection.filter for _, objection in found]
    assert fates[0] == "order_unstable"
    assert sorted(map(str, fates[1:])) == ["None", "duplicate", "duplicate"]
    assert table.times == 2


def test_without_filters_of_the_set_the_pairs_are_read_once() -> None:
    table = ReadTwice([judged(compared(AB, A), compared(BA, A))])
    assert [objection for _, objection in chosen("minimal").all(table)] == [None]
    assert table.times == 1


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_every_filter_says_its_reasons_and_where_it_comes_from(one: Filter) -> None:
    assert "Reason" in (type(one).__doc__ or "")


def test_pairs_come_out_of_a_process_as_they_went_in() -> None:
    again = AskedAgain("teacher", "order_unstable", "verdict flips")
    kinds = [
        replace(
            judged(compared(AB, A, 8, 5, says="so", of_a="a", of_b="b"), graded(Side.A, 7, "fine", tone=6)), again=again
        ),
        replace(judged(Failure(EVERY[1], "empty", "no words", "{}")), settled=TIE, asked="mark", carried=True),
    ]
    pairs = numbered(kinds * 300)
    assert list(in_order(_itself, pairs, 2)) == pairs


def _itself(pair: JudgedPair) -> JudgedPair:
    return pair


def test_several_processes_come_to_the_same_end() -> None:
    kinds = [
        judged(compared(AB, A), compared(BA, B)),
        judged(compared(AB, A), compared(BA, A)),
        judged(compared(AB, TIE), compared(BA, TIE)),
        judged(),
    ]
    pairs = numbered([kinds[place % 4] for place in range(1700)])
    for filters in (chosen("minimal"), chosen([{"order_unstable": {"policy": "tie"}}, "duplicate"])):
        assert list(filters.all(pairs, workers=2)) == list(filters.all(pairs))
