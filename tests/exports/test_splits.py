from collections import Counter
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Prompt, Verdict
from synth.exports.clusters import clusters, digest, sketch
from synth.exports.splits import UNSEEN, point, split
from synth.exports.strata import Group, assigned, home
from tests.strategies import prompts, words

SPLITS = {"train": 0.5, "test": 0.3, "validation": 0.2}
seeds = st.integers(-3, 2**40)
_WORDS = [sha256(str(number).encode()).hexdigest()[:6] for number in range(3000)]
MANY = [(Message("user", f"Prompt number {number}"),) for number in range(4000)]


def judged(name: str, prompt: str | Prompt, scenario: str = "others", verdict: Verdict = Verdict.A) -> JudgedPair:
    turns = (Message("user", prompt),) if isinstance(prompt, str) else prompt
    return JudgedPair(Pair(name, turns, "one", "two", scenario), (PairwiseJudgment(Order.AB, verdict),))


def some_prompt(random: Random, least: int = 8) -> str:
    return " ".join(random.choice(_WORDS) for _ in range(random.randint(least, 30)))


def a_set(seed: int, size: int, per_prompt: int = 1) -> list[JudgedPair]:
    """Pairs of four scenarios in unequal shares, with verdicts in unequal shares."""
    random, made = Random(seed), []
    for number in range(size):
        prompt, scenario = some_prompt(random), random.choice(["chat", "chat", "chat", "code", "exam", "email"])
        for other in range(random.randint(1, per_prompt)):
            verdict = random.choice([Verdict.A, Verdict.A, Verdict.B, Verdict.TIE])
            made.append(judged(f"{number}-{other}", prompt, scenario, verdict))
    return made


@given(prompts, seeds)
def test_a_prompt_is_in_one_of_the_splits(prompt: Prompt, seed: int) -> None:
    one = judged("p", prompt)
    assert split([one], SPLITS, seed).of(one) in SPLITS
    assert split([one], {"all.of.it": 1.0}, seed).of(one) == "all.of.it"


@given(words, st.sampled_from([" ", "\n", "\t  "]), seeds)
def test_a_prompt_in_other_case_and_white_space_is_in_the_same_split(text: str, blank: str, seed: int) -> None:
    one, other = judged("1", f"Tell me: {text} please"), judged("2", f"{blank}TELL{blank}me: {text}{blank}Please")
    found = split([one, other], {"train": 0.5, "test": 0.5}, seed)
    assert found.of(one) == found.of(other)
    assert point(one.pair.prompt, seed) == point(other.pair.prompt, seed)


def test_where_a_prompt_is_at_home_is_the_same_on_every_machine() -> None:
    homes = [list(SPLITS)[home(point(prompt, 7), list(SPLITS.values()))] for prompt in MANY[:6]]
    assert homes == ["test", "validation", "train", "validation", "train", "train"]


@given(st.integers(0, 10_000), st.integers(0, 3), st.sampled_from([(0.9, 0.1), (0.5, 0.3, 0.2), (0.34, 0.66)]))
@settings(max_examples=25)
def test_each_split_has_its_share_of_every_scenario_and_verdict(
    content: int, seed: int, shares: tuple[float, ...]
) -> None:
    pairs = a_set(content, 150)
    named = dict(zip(("x", "y", "z"), shares, strict=False))
    found = split(pairs, named, seed)
    totals: Counter[object] = Counter()
    counts: Counter[tuple[str | None, object]] = Counter()
    for one in pairs:
        kind = (one.pair.scenario, str(one.verdict))
        for trait in ((), *kind, kind):
            totals[trait] += 1
            counts[found.of(one), trait] += 1
    for trait, total in totals.items():
        for name, share in named.items():
            assert abs(counts[name, trait] - share * total) <= 3


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_the_pairs_does_not_matter(content: int, random: Random) -> None:
    pairs = a_set(content, 60, per_prompt=3)
    pairs += [judged(f"n{number}", f"{one.pair.prompt[0].content} indeed") for number, one in enumerate(pairs[:20])]
    mixed = random.sample(pairs, len(pairs))
    one, other = split(pairs, SPLITS, 0, {"exam"}), split(mixed, SPLITS, 0, {"exam"})
    assert [one.of(each) for each in pairs] == [other.of(each) for each in pairs]


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=20)
def test_no_near_duplicate_of_a_prompt_is_in_another_split(content: int, data: st.DataObject) -> None:
    random = Random(content)
    pairs, families = a_set(content, 30, per_prompt=2), []
    for number in range(10):
        family, tokens = [], some_prompt(random, least=25).split()
        for variant in range(data.draw(st.integers(2, 4))):
            changed = list(tokens)
            changed[variant] = random.choice(_WORDS)  # one word in 25 or more
            verdict = random.choice(list(Verdict))
            family.append(judged(f"f{number}-{variant}", " ".join(changed).title(), "chat", verdict))
        families.append(family)
    found = split([*pairs, *(one for family in families for one in family)], SPLITS, 0)
    for family in families:
        assert len({found.of(one) for one in family}) == 1


def test_a_common_system_turn_does_not_make_prompts_alike() -> None:
    setting = Message("system", " ".join(_WORDS[:200]))
    pairs = [judged(str(number), (setting, Message("user", some_prompt(Random(number))))) for number in range(40)]
    assert len({split(pairs, SPLITS, 0).of(one) for one in pairs}) == 3


def test_prompts_of_one_template_are_told_apart_by_what_else_they_say() -> None:
    template = " ".join(_WORDS[:120])
    questions = [some_prompt(Random(number), least=15) for number in range(60)]
    pairs = [judged(str(number), f"{template} {question}") for number, question in enumerate(questions)]
    twins = [judged(f"t{number}", f"{template} {question} please") for number, question in enumerate(questions[:20])]
    found = split([*pairs, *twins], SPLITS, 0)
    assert [found.of(one) for one in twins] == [found.of(one) for one in pairs[:20]]
    assert Counter(found.of(one) for one in pairs)["test"] > 10


def test_a_set_of_a_million_needs_some_hundred_bytes_a_prompt() -> None:
    assert len(sketch(MANY[0])) == 256
    assert len(digest(MANY[0])) == 16


def test_prompts_without_words_are_alike_only_where_they_are_equal() -> None:
    marks = [(Message("user", text),) for text in ("???", "!!!", " ??? ")]
    found = clusters(b"".join(map(sketch, marks)), [digest(one) for one in marks[:2]] + [b"another digest.."])
    assert found[0] == found[2] != found[1]


def test_held_out_scenarios_are_in_a_split_of_their_own_and_nothing_like_them_in_another() -> None:
    pairs = a_set(1, 200)
    exams = [one for one in pairs if one.pair.scenario == "exam"]
    twins = [judged(f"t{place}", f"{one.pair.prompt[0].content} ok", "chat") for place, one in enumerate(exams)]
    found = split([*twins, *pairs], {"train": 0.8, "test": 0.2}, 0, {"exam"})
    assert {found.of(one) for one in exams} == {UNSEEN}
    assert {one.pair.scenario for one in pairs if found.of(one) == UNSEEN} == {"exam"}
    assert {found.of(one) for one in twins} == {None}
    others = [found.of(one) for one in pairs if one.pair.scenario != "exam"]
    assert others.count("test") == pytest.approx(0.2 * len(others), abs=1)


def test_seeds_decide() -> None:
    pairs = a_set(3, 100)
    first, second = split(pairs, SPLITS, 0), split(pairs, SPLITS, 1)
    assert [first.of(one) for one in pairs] != [second.of(one) for one in pairs]


def test_with_more_rows_most_prompts_stay_in_their_split() -> None:
    pairs = a_set(4, 2000)
    before, after = split(pairs[:1000], {"train": 0.9, "test": 0.1}, 0), split(pairs, {"train": 0.9, "test": 0.1}, 0)
    moved = sum(before.of(one) != after.of(one) for one in pairs[:1000])
    assert moved < 40, "by chance alone 180 would"


def test_a_split_that_grows_keeps_most_of_its_prompts() -> None:
    pairs = a_set(5, 1000)
    smaller, larger = split(pairs, {"train": 0.8, "test": 0.2}, 0), split(pairs, {"train": 0.9, "test": 0.1}, 0)
    of_train = [one for one in pairs if smaller.of(one) == "train"]
    assert sum(larger.of(one) == "train" for one in of_train) > 0.97 * len(of_train)


def test_a_cluster_larger_than_a_split_goes_where_there_is_room() -> None:
    groups = [Group(0.95, ((("chat", "a"), 60),)), *(Group(number / 40, ((("chat", "a"), 1),)) for number in range(40))]
    found = assigned(groups, [0.9, 0.1])
    assert found[0] == 0
    assert sum(found) == 10


def test_no_pairs_make_no_split() -> None:
    assert split([], SPLITS, 0).of_prompt == {}
