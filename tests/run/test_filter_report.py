"""The walk of labelled pairs through real filters."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from filters import Drop, Dropped, Filters, chosen
from filters.malformed import Malformed
from filters.order_unstable import OrderUnstable
from synth.audit.filter_lift import FilterLift
from synth.domain import Ask, Failure, JudgedPair, Judgment, Order, Protocol, Verdict
from synth.run.filter_report import filter_report
from tests.filters.judged import AB, BA, A, B, compared, judged, numbered
from tests.strategies import judged_pairs, swapped


def pair(label: Verdict | None, *outcomes: Judgment | Failure) -> JudgedPair:
    one = judged(*outcomes)
    return replace(one, pair=replace(one.pair, human_label=label))


def report(filters: Filters, *pairs: JudgedPair) -> FilterLift:
    """As a run makes it."""
    each = numbered(list(pairs))
    fates = {one.pair.id: dropped for one, dropped in filters.all(each) if one.pair.human_label}
    return filter_report(filters, each, fates)


STABLE = (compared(AB, A), compared(BA, A))
FLIPS = (compared(AB, A), compared(BA, B))


def test_a_flip_counts_by_its_first_order_until_a_filter_drops_it() -> None:
    found = report(Filters((OrderUnstable(),)), pair(A, *STABLE), pair(B, *FLIPS), pair(None, *FLIPS))

    lift = found.alone["order_unstable"]
    assert (found.labelled, lift.dropped) == (2, 1)
    assert (lift.before.value, lift.after.value) == (0.5, 1.0)


def test_a_settled_pair_counts_by_what_it_was_settled_to() -> None:
    found = report(Filters((OrderUnstable(policy="tie"),)), pair(Verdict.TIE, *FLIPS))

    lift = found.in_sequence["order_unstable"]
    assert (lift.dropped, lift.before.value, lift.after.value) == (0, 0.0, 1.0)


class NeverSeesTheUnread:
    """A filter of the user's, which may rely on it that a pair was read."""

    name = "mine"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        assert not judged.failures
        return Drop("always", "")


def test_what_could_not_be_read_is_shown_to_no_other_filter() -> None:
    unread = Failure(Ask(Protocol.PAIRWISE, order=Order.BA), "unreadable", "")

    found = report(Filters((Malformed(), NeverSeesTheUnread())), pair(A, compared(AB, A), unread), pair(A, *STABLE))

    assert (found.alone["malformed"].dropped, found.alone["mine"].dropped) == (1, 1)
    assert (found.in_sequence["malformed"].dropped, found.in_sequence["mine"].dropped) == (1, 1)


class OnlyOne:
    """A filter of the set that keeps one pair of it."""

    name = "only_one"

    def note(self, judged: JudgedPair) -> str:
        return judged.pair.id

    def drops(self, notes: Mapping[int, Any]) -> Mapping[int, Drop]:
        return {place: Drop("more than one", "") for place in list(notes)[1:]}


def test_a_filter_of_the_set_sees_all_labelled_pairs_alone_and_what_is_left_in_sequence() -> None:
    found = report(Filters((OrderUnstable(),), (OnlyOne(),)), pair(A, *FLIPS), pair(A, *STABLE), pair(B, *STABLE))

    assert found.alone["only_one"].dropped == 2
    assert (found.in_sequence["order_unstable"].dropped, found.in_sequence["only_one"].dropped) == (1, 1)
    assert (found.in_sequence["only_one"].before.value, found.in_sequence["only_one"].after.value) == (0.5, 1.0)


@settings(max_examples=25, deadline=None)
@given(st.lists(judged_pairs(), max_size=6))
def test_in_sequence_it_counts_what_the_run_drops(pairs: list[JudgedPair]) -> None:
    filters = chosen("default")
    each = [one for one in numbered(pairs) if one.pair.human_label]
    fates: dict[str, Dropped | None] = {one.pair.id: dropped for one, dropped in filters.all(each)}

    found = filter_report(filters, each, fates)

    by = [dropped.filter for dropped in fates.values() if dropped]
    assert {name: lift.dropped for name, lift in found.in_sequence.items()} == {
        name: by.count(name) for name in filters.names
    }
    assert found.labelled == len(each)


@settings(max_examples=25, deadline=None)
@given(st.lists(judged_pairs(), max_size=6))
def test_what_is_dropped_alone_does_not_depend_on_which_response_is_called_a(pairs: list[JudgedPair]) -> None:
    filters = chosen("minimal")

    before, after = (report(filters, *each) for each in (pairs, map(swapped, pairs)))

    assert {name: lift.dropped for name, lift in before.alone.items()} == {
        name: lift.dropped for name, lift in after.alone.items()
    }
