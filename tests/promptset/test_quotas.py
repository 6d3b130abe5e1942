"""How many prompts are taken of a scenario and of a group, and which."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from synth.promptset.quotas import Candidate, Quotas, beyond

GROUPS = {"code": "programming", "tests": "programming", "poem": "writing"}
candidates = st.dictionaries(
    st.builds(Candidate, st.text("abc", min_size=1, max_size=3), st.sampled_from(["", *GROUPS])), st.booleans()
)
limits = st.none() | st.integers(1, 4)


def quotas(per_scenario: int | None, per_group: int | None) -> Quotas:
    return Quotas(per_scenario, per_group, GROUPS.__getitem__)


@given(candidates, limits, limits, st.integers(0, 9))
def test_no_quota_is_exceeded_and_none_is_left_unused_by_what_is_left_out(
    every: dict[Candidate, bool], per_scenario: int | None, per_group: int | None, seed: int
) -> None:
    out = beyond(every, quotas(per_scenario, per_group), seed)
    taken = [one for one in every if one not in out and one.scenario]
    scenarios = Counter(one.scenario for one in taken)
    groups = Counter(GROUPS[one.scenario] for one in taken)
    assert all(count <= (per_scenario or count) for count in scenarios.values())
    assert all(count <= (per_group or count) for count in groups.values())
    for one in out:
        full = (scenarios[one.scenario] == per_scenario, groups[GROUPS[one.scenario]] == per_group)
        assert any(full), f"there was room for {one}"


@given(candidates, limits, limits, st.integers(0, 9), st.randoms())
def test_the_order_of_the_rows_is_of_no_account(
    every: dict[Candidate, bool], per_scenario: int | None, per_group: int | None, seed: int, lots: object
) -> None:
    shuffled = list(every.items())
    lots.shuffle(shuffled)  # type: ignore[attr-defined]
    first = beyond(every, quotas(per_scenario, per_group), seed)
    assert beyond(dict(shuffled), quotas(per_scenario, per_group), seed) == first


@given(candidates, st.integers(1, 3), st.integers(0, 9))
def test_more_prompts_begin_with_those_of_fewer(every: dict[Candidate, bool], most: int, seed: int) -> None:
    few = set(every) - set(beyond(every, quotas(most, None), seed))
    assert few <= set(every) - set(beyond(every, quotas(most + 1, None), seed))


def test_what_people_labelled_is_taken_first_and_a_scenario_that_is_not_known_has_room() -> None:
    plain = [Candidate(str(number), "code") for number in range(20)]
    every = dict.fromkeys(plain, False) | {Candidate("labelled", "code"): True, Candidate("x", ""): False}
    out = beyond(every, quotas(1, None), 0)
    assert set(out) == set(plain)
    assert out[plain[0]] == "code has its 1 prompts, which prompts.per_scenario allows"
