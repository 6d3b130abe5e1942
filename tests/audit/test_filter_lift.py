import pytest

from synth.audit.filter_lift import Seen, State, filter_lift

RIGHT, WRONG, NOTHING, GONE = State(True, True), State(True, False), State(True, None), State(False, None)


def seen(before: State, alone: tuple[State, ...], in_sequence: tuple[State, ...]) -> Seen:
    return Seen(before, alone, in_sequence)


def test_rows_and_agreement_are_counted_alone_and_in_sequence() -> None:
    pairs = [
        seen(RIGHT, (RIGHT, RIGHT), (RIGHT, RIGHT)),
        seen(RIGHT, (RIGHT, GONE), (RIGHT, GONE)),
        seen(WRONG, (GONE, GONE), (GONE, GONE)),
        seen(WRONG, (WRONG, WRONG), (WRONG, WRONG)),
        seen(NOTHING, (GONE, NOTHING), (GONE, GONE)),
    ]

    found = filter_lift(["one", "two"], pairs)

    assert (found.labelled, found.before.value, found.before.n) == (5, 0.5, 4)
    one, two = found.alone["one"], found.alone["two"]
    assert (one.dropped, one.before.value, one.after.value, one.after.n) == (2, 0.5, 2 / 3, 3)
    assert (two.dropped, two.before.value, two.after.value, two.after.n) == (2, 0.5, 0.5, 2)
    one, two = found.in_sequence["one"], found.in_sequence["two"]
    assert (one.dropped, one.before.value, one.after.value) == (2, 0.5, 2 / 3)
    assert (two.dropped, two.before.value, two.after.value) == (1, 2 / 3, 0.5), "what the first dropped is not here"


def test_a_filter_under_which_agreement_falls_is_warned_of() -> None:
    rights = [seen(RIGHT, (GONE,), (GONE,))] * 60 + [seen(RIGHT, (RIGHT,), (RIGHT,))] * 40
    wrongs = [seen(WRONG, (WRONG,), (WRONG,))] * 60

    found = filter_lift(["bad"], rights + wrongs)

    assert found.warnings() == [
        "bad alone: agreement falls from 0.625 to 0.400, beyond chance",
        "bad in sequence: agreement falls from 0.625 to 0.400, beyond chance",
    ]
    assert found.record()["warnings"] == found.warnings()
    few = filter_lift(["bad"], [seen(RIGHT, (GONE,), (GONE,)), *rights[-2:], *wrongs[:1]])
    assert few.warnings()[0] == "bad alone: agreement falls from 0.750 to 0.667, which may be chance"
    assert few.alone["bad"].chance == 3 / 4, "one of four goes, and three of them are right"


def test_a_settled_label_counts_as_what_it_was_settled_to() -> None:
    found = filter_lift(["settles"], [seen(WRONG, (RIGHT,), (RIGHT,)), seen(RIGHT, (RIGHT,), (RIGHT,))])

    lift = found.alone["settles"]
    assert (lift.dropped, lift.before.value, lift.after.value, lift.change.value) == (0, 0.5, 1.0, 0.5)
    assert found.warnings() == []


def test_a_filter_that_drops_everything_leaves_no_agreement_to_warn_of() -> None:
    found = filter_lift(["all"], [seen(RIGHT, (GONE,), (GONE,))] * 3)

    assert found.alone["all"].after.value is None
    assert found.warnings() == []


def test_no_label_is_nothing() -> None:
    found = filter_lift(["one"], [])

    assert (found.labelled, found.before.n, found.alone["one"].dropped) == (0, 0, 0)


def test_the_record_is_rounded_and_names_each_filter() -> None:
    found = filter_lift(["one"], [seen(RIGHT, (RIGHT,), (RIGHT,))] * 2 + [seen(WRONG, (WRONG,), (WRONG,))]).record()

    assert found["before"]["value"] == pytest.approx(0.6667)
    assert found["alone"]["one"]["after"]["n"] == 3
