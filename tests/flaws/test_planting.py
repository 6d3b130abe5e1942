"""What is planted where, what the pair is that comes of it, and what a copy must not be."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Message, Pair, Side, Verdict
from synth.flaws import FLAWS, flaw_named
from synth.flaws.planting import Planting, Unfit, all_plantings, drawn_planting, pair_of, with_flaw
from tests.strategies import pairs

TEXT = "The bridge was opened in 1883. It was designed by John Roebling, who died before the work began."
SLIP = TEXT.replace("1883", "1893")
PAIR = Pair(
    "p", (Message("user", "When was it opened?"),), TEXT, "It was opened in 1883, I think.", "others", model_a="m1"
)
FACTUAL = flaw_named("factual_slip")
PLANTING = Planting(replace(PAIR, target_a=8.0, human_label=Verdict.A), Side.A, FACTUAL)


def of(number: int) -> Pair:
    return replace(PAIR, id=str(number))


def read(reply: str, finish_reason: str = "stop", error: str = "", planting: Planting = PLANTING) -> Pair | Unfit:
    return with_flaw(planting, reply, finish_reason, error, "writer", 0)


def test_the_pair_is_of_the_response_and_its_copy_and_has_no_label_of_people() -> None:
    made = read(f"<think>1883 becomes 1893.</think>{SLIP}\n")
    assert isinstance(made, Pair)
    assert made.flawed is not None
    sound = made.flawed.other
    assert (made.id, made.planted) == ("p~factual_slip", "factual_slip")
    assert (made.response(made.flawed), made.response(sound)) == (SLIP, TEXT)
    assert (made.target(made.flawed), made.target(sound)) == (None, 8.0)
    assert {made.flawed: "writer", sound: "m1"} == {Side.A: made.model_a, Side.B: made.model_b}
    assert (made.human_label, made.human_labels) == (None, ())


@pytest.mark.parametrize(
    ("reply", "finish_reason", "error", "reason"),
    [
        ("", "stop", "it hung up", "failed"),
        ("", "stop", "", "empty"),
        (SLIP, "length", "", "truncated"),
        ("I'm sorry, but I can't help with that.", "stop", "", "refused"),
        (f"  {TEXT.upper()} ", "stop", "", "unchanged"),
        (f"{SLIP} (The year is deliberately wrong.)", "stop", "", "gives itself away"),
        (f"Here is the copy with the slip:\n\n{SLIP}", "stop", "", "gives itself away"),
        ("Rome was not built in one day.", "stop", "", "another change"),
    ],
)
def test_a_copy_that_is_none_is_set_aside_with_its_reason(
    reply: str, finish_reason: str, error: str, reason: str
) -> None:
    found = read(reply, finish_reason, error)
    assert isinstance(found, Unfit)
    assert found.reason == reason
    assert found.detail


def test_what_the_response_says_itself_gives_nothing_away() -> None:
    said = f"It was opened on purpose in spring. {TEXT}"
    planting = replace(PLANTING, origin=replace(PAIR, response_a=said))
    assert isinstance(read(said.replace("1883", "1893"), planting=planting), Pair)


def test_the_response_that_people_prefer_is_the_sound_one() -> None:
    for number in range(20):
        for label, side in ((Verdict.A, Side.A), (Verdict.B, Side.B)):
            (first, *_) = all_plantings(replace(of(number), human_label=label), [FACTUAL], 0)
            assert first.sound is side


def test_a_refusal_is_copied_by_nobody() -> None:
    refused = replace(PAIR, response_a="I cannot help with that.", human_label=Verdict.A)
    assert {one.sound for number in range(20) for one in all_plantings(replace(refused, id=str(number)), FLAWS, 0)} == {
        Side.B
    }
    assert not list(all_plantings(replace(refused, response_b=""), FLAWS, 0))


def test_the_share_says_how_many_pairs_get_a_flaw_and_flaws_come_equally_often() -> None:
    kinds = [flaw_named(name) for name in ("factual_slip", "padding", "broken_code")]
    drawn = [one for number in range(4000) if (one := drawn_planting(of(number), kinds, 0.25, 0))]
    assert 0.22 < len(drawn) / 4000 < 0.28
    flaws = Counter(one.flaw.name for one in drawn)
    assert set(flaws) == {"factual_slip", "padding"}, "there is no code to break"
    assert 0.42 < flaws["padding"] / len(drawn) < 0.58
    sides = Counter(one.sound for one in drawn)
    assert 0.42 < sides[Side.A] / len(drawn) < 0.58


def test_the_flawed_response_is_stored_on_either_side_equally_often() -> None:
    plantings = (Planting(of(number), Side.A, FACTUAL) for number in range(2000))
    sides = Counter(pair_of(one, SLIP, "writer", 0).flawed for one in plantings)
    assert 0.46 < sides[Side.A] / 2000 < 0.54


@given(pairs, st.integers(0, 9), st.floats(0.01, 1))
def test_a_draw_goes_by_the_seed_and_the_pair_and_a_larger_share_keeps_it(pair: Pair, seed: int, share: float) -> None:
    drawn = drawn_planting(pair, FLAWS, share, seed)
    assert drawn == drawn_planting(pair, FLAWS, share, seed)
    if drawn is not None:
        assert drawn == drawn_planting(pair, FLAWS, 1.0, seed)
        assert drawn in list(all_plantings(pair, FLAWS, seed))
