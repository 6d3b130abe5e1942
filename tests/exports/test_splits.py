import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, Prompt
from synth.exports import split_of
from tests.strategies import prompts, words

SPLITS = {"train": 0.5, "test": 0.3, "validation": 0.2}
seeds = st.integers(-3, 2**40)
MANY = [(Message("user", f"Prompt number {number}"),) for number in range(4000)]


@given(prompts, seeds)
def test_a_prompt_is_in_one_of_the_splits(prompt: Prompt, seed: int) -> None:
    assert split_of(prompt, SPLITS, seed) in SPLITS
    assert split_of(prompt, {"all.of.it": 1.0}, seed) == "all.of.it"


@given(words, st.sampled_from([" ", "\n", "\t  "]), seeds)
def test_a_prompt_in_other_case_and_white_space_is_in_the_same_split(text: str, blank: str, seed: int) -> None:
    one, other = f"Tell me: {text} please", f"{blank}TELL{blank}me: {text}{blank}Please"
    assert split_of((Message("user", one),), SPLITS, seed) == split_of((Message("user", other),), SPLITS, seed)


def test_words_and_seed_decide_the_split() -> None:
    first = [split_of(prompt, SPLITS, seed=0) for prompt in MANY[:200]]
    assert len(set(first)) == 3
    assert first != [split_of(prompt, SPLITS, seed=1) for prompt in MANY[:200]]
    assert first == [split_of(prompt, SPLITS, seed=0) for prompt in MANY[:200]]


def test_the_split_of_a_prompt_is_the_same_on_every_machine() -> None:
    assert [split_of(prompt, SPLITS, seed=7) for prompt in MANY[:6]] == [
        "test",
        "validation",
        "train",
        "validation",
        "train",
        "train",
    ]


@pytest.mark.parametrize("seed", [0, 1])
def test_shares_hold_over_many_prompts(seed: int) -> None:
    found = [split_of(prompt, SPLITS, seed) for prompt in MANY]
    for name, share in SPLITS.items():
        assert found.count(name) / len(MANY) == pytest.approx(share, abs=0.03)


def test_a_split_that_grows_keeps_its_prompts() -> None:
    smaller = [split_of(prompt, {"train": 0.8, "test": 0.2}, 0) for prompt in MANY]
    larger = [split_of(prompt, {"train": 0.9, "test": 0.1}, 0) for prompt in MANY]
    assert {new for old, new in zip(smaller, larger, strict=True) if old == "train"} == {"train"}


def test_shares_that_rounding_left_short_leave_no_prompt_out() -> None:
    assert {split_of(prompt, {"train": 1e-9, "test": 1e-9}, 0) for prompt in MANY[:20]} == {"test"}
