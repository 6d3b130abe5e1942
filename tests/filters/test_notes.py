import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters import Drop, Filters
from filters.base import SetFilter
from filters.boilerplate import Boilerplate
from filters.duplicate import Duplicate
from filters.notes import Notes, packed
from filters.unbalanced import Unbalanced
from synth.domain import JudgedPair
from tests.filters.judged import AB, BA, A, B, asked, compared, judged

values = st.recursive(st.none() | st.text() | st.binary() | st.floats(allow_nan=False), st.lists, max_leaves=5)


@given(st.dictionaries(st.integers(0, 10**12), values), st.sets(st.integers(0, 10**12)))
def test_notes_are_the_mapping_that_was_put_in_but_for_places_left_out(
    wanted: dict[int, object], out: set[int]
) -> None:
    notes = Notes()
    for place in sorted(wanted):
        notes.put(place, packed(wanted[place]))
    some = out | set(list(wanted)[::2])
    assert dict(notes) == wanted
    assert list(notes) == sorted(wanted)
    assert dict(notes.without(some)) == {place: note for place, note in wanted.items() if place not in some}


def test_a_place_without_a_note_is_no_key() -> None:
    notes = Notes()
    notes.put(3, packed("three"))
    assert 2 not in notes
    with pytest.raises(KeyError):
        notes.without({3})[3]


def most(work: Callable[[], object]) -> int:
    """Bytes that it held at one time."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@dataclass(frozen=True, slots=True)
class Short:
    """A filter of the set with a short note, and nothing against any pair."""

    name: str = "short"

    def note(self, judged: JudgedPair) -> bytes:
        return judged.pair.id.encode()

    def drops(self, notes: Mapping[int, bytes]) -> dict[int, Drop]:
        assert all(notes.values())
        return {}


def test_of_a_pair_only_its_notes_are_held() -> None:
    one = judged(compared(AB, A))

    def read(count: int) -> Iterator[JudgedPair]:
        for number in range(count):
            yield replace(one, pair=replace(one.pair, id=str(number), response_a=f"{number} " * 2_000))

    class Many:
        def __init__(self, count: int) -> None:
            self.count = count

        def __iter__(self) -> Iterator[JudgedPair]:
            return read(self.count)

    def held(count: int) -> int:
        return most(lambda: deque(Filters((), (Short(),)).all(Many(count)), maxlen=0))

    assert (held(2_000) - held(500)) / 1_500 < 200


def notes_of(by: SetFilter, count: int) -> Notes:
    notes = Notes()
    for number in range(count):
        text = f"It tells what number {number:x} is and what it is for."
        said = judged(compared(AB, (A, B)[number % 2], says=text), compared(BA, (A, B)[number % 2]))
        one = asked(said, f"What is {number}?", f"one of {number}", f"the other of {number}")
        notes.put(number, packed(by.note(replace(one, pair=replace(one.pair, id=str(number))))))
    return notes


@pytest.mark.parametrize("by", [Duplicate(), Boilerplate(), Unbalanced(verdict=0.5)], ids=lambda by: by.name)
def test_what_a_filter_makes_of_the_notes_is_no_larger_than_a_few_times_these(by: SetFilter) -> None:
    few, many = notes_of(by, 500), notes_of(by, 2_000)
    by.drops(few)  # what is loaded once
    assert (most(lambda: by.drops(many)) - most(lambda: by.drops(few))) / 1_500 < 1_500
