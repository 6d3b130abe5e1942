"""What each prompt that is to be written shall be."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from synth.promptset.slots import ATTRIBUTES, attributes, mixed, slots, some

OF = {"tone": ["curt", "kind", "formal"], "size": ["long", "short"]}


@given(st.integers(1, 13), st.integers(0, 5))
def test_each_value_comes_once_before_one_comes_again(per_scenario: int, seed: int) -> None:
    made = slots(["a", "b"], per_scenario=per_scenario, total=None, of=OF, seed=seed)
    assert len({slot.id for slot in made}) == len(made) == 2 * per_scenario
    for scenario in ("a", "b"):
        for name, values in OF.items():
            counts = Counter(dict(slot.attributes)[name] for slot in made if slot.scenario == scenario)
            assert max(counts.values()) - min(counts[value] for value in values) <= 1


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 5))
def test_more_of_them_begin_with_those_of_fewer(total: int, more: int, seed: int) -> None:
    names = ["a", "b", "c"]
    few, many = (slots(names, per_scenario=None, total=size, of=OF, seed=seed) for size in (total, total + more))
    assert many[: len(few)] == few
    assert len(few) == total
    counts = Counter(slot.scenario for slot in few)
    assert max(counts.values()) - min(counts[name] for name in names) <= 1


def test_a_users_attribute_stands_beside_the_built_in_ones_or_takes_their_place_or_them_out() -> None:
    made = attributes({"tone": ["kind"], "length": [], "topic": ["tea"]}, ["English"])
    assert made["tone"] == ["kind"]
    assert made["topic"] == ["tea"]
    assert made["language"] == ["English"]
    assert set(made) == (set(ATTRIBUTES) - {"length"}) | {"topic", "language"}
    assert set(attributes({}, [])) == set(ATTRIBUTES)


@given(st.lists(st.integers(), unique=True, max_size=9), st.integers(0, 5))
def test_what_is_drawn_is_there_and_each_once(things: list[int], seed: int) -> None:
    assert sorted(mixed(things, seed, "x")) == sorted(things)
    few = some(things, 3, seed, "x")
    assert set(few) <= set(things)
    assert len(set(few)) == len(few) <= 3
    assert bool(few) == bool(things)
