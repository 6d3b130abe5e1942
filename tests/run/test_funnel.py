from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from synth.run.funnel import Funnel

NAMES = ["malformed", "inconsistent", "order_unstable", "too_short"]


def full() -> Funnel:
    funnel = Funnel(NAMES, not_reached=5)
    funnel.set_aside.update(["repeated pair", "identical responses", "repeated pair"])
    funnel.drop("malformed", "empty")
    funnel.drop("order_unstable", "tie in one order")
    funnel.drop("order_unstable", "verdict flips")
    funnel.drop("order_unstable", "verdict flips")
    funnel.kept = 4
    return funnel


def test_every_row_is_counted_once() -> None:
    assert (full().rows, full().judged, full().kept) == (16, 8, 4)


def test_the_stages_say_how_many_are_left_and_why_the_others_are_not() -> None:
    assert list(full().stages()) == [
        ("rows", 16, {}),
        ("pairs judged", 8, {"repeated pair": 2, "identical responses": 1, "beyond data.limit": 5}),
        ("readable", 7, {"empty": 1}),
        ("consistent", 7, {}),
        ("order-stable", 4, {"verdict flips": 2, "tie in one order": 1}),
        ("passed too_short", 4, {}),
        ("kept", 4, {}),
    ]


def test_the_record_names_every_filter_even_where_it_dropped_nothing() -> None:
    assert full().record() == {
        "rows": 16,
        "set_aside": {"identical responses": 1, "repeated pair": 2},
        "beyond_limit": 5,
        "judged": 8,
        "dropped": {
            "malformed": {"empty": 1},
            "inconsistent": {},
            "order_unstable": {"tie in one order": 1, "verdict flips": 2},
            "too_short": {},
        },
        "kept": 4,
    }


def test_the_text_has_a_line_and_a_bar_for_every_stage() -> None:
    lines = full().text().split("\n")
    assert [line.split("  ")[1].strip() for line in lines] == [name for name, _, _ in full().stages()]
    assert [line.count("█") for line in lines] == [24, 24, 21, 21, 12, 12, 12]
    assert lines[4].endswith("- 2 verdict flips, 1 tie in one order")
    assert lines[6].split()[:2] == ["kept", "4"]


def test_a_run_that_judged_nothing_has_a_text() -> None:
    assert Funnel(NAMES).text().count("█") == 0
    assert Funnel(NAMES).rows == 0


drops = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["empty", "flips"])))


@given(drops, st.lists(st.sampled_from(["repeated pair", "unreadable row"])), st.integers(0, 9), st.integers(0, 9))
def test_no_row_is_lost_between_the_stages(
    dropped: list[tuple[str, str]], aside: list[str], beyond: int, kept: int
) -> None:
    funnel = Funnel(NAMES, not_reached=beyond, kept=kept)
    funnel.set_aside.update(aside)
    for name, reason in dropped:
        funnel.drop(name, reason)
    stages = list(funnel.stages())
    assert stages[0][1] == len(dropped) + len(aside) + beyond + kept
    assert stages[-1][1] == stages[-2][1] == kept
    for (_, before, _), (_, left, reasons) in pairwise(stages):
        assert before - left == sum(reasons.values())
