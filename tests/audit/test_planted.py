from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from synth.audit.planted import detections
from synth.cli.audit_text import planted_table
from synth.domain import Failure, JudgedPair, Side, Verdict
from tests.filters.judged import AB, BA, EVERY, TIE, A, B, compared, graded, judged
from tests.strategies import judged_pairs, swapped


def flawed(side: Side, one: JudgedPair, flaw: str = "padding") -> JudgedPair:
    return replace(one, pair=replace(one.pair, planted=flaw, flawed=side))


def pair(ab: Verdict, ba: Verdict) -> JudgedPair:
    return judged(compared(AB, ab), compared(BA, ba))


def test_a_flaw_is_found_where_the_other_response_wins_and_slots_are_told_apart() -> None:
    found = detections(
        [
            flawed(Side.B, pair(A, A)),
            flawed(Side.A, pair(B, B)),
            flawed(Side.A, pair(A, B)),  # shown first it wins, shown second it loses
            flawed(Side.B, pair(TIE, B)),  # order ba shows it first
        ]
    ).all

    assert (found.both_orders.value, found.both_orders.n) == (2 / 4, 4)
    assert found.flawed_first.value == 2 / 4
    assert found.flawed_second.value == 3 / 4
    assert (found.ties.value, found.ties.n) == (1 / 8, 4)
    assert found.flawed_wins.value == 2 / 8


def test_what_was_not_read_is_in_no_share() -> None:
    unread = judged(compared(AB, A), Failure(EVERY[1], "empty", "no words"), graded(Side.A, 7))
    found = detections([flawed(Side.B, unread), flawed(Side.B, pair(A, A))]).all

    assert found.pairs == 2
    assert (found.both_orders.n, found.flawed_second.n, found.flawed_first.n, found.grades.n) == (1, 2, 1, 0)


def test_equal_grades_find_nothing() -> None:
    pairs = [judged(graded(Side.A, 7), graded(Side.B, score)) for score in (3, 7, 9)]
    found = detections([flawed(Side.B, one) for one in pairs]).all

    assert (found.grades.value, found.grades.n) == (1 / 3, 3)
    assert found.both_orders.n == 0


def test_each_flaw_has_its_own_shares_and_pairs_without_one_say_nothing() -> None:
    report = detections(
        [flawed(Side.B, pair(A, A), "wrong_format"), flawed(Side.B, pair(B, B), "factual_slip"), pair(B, B)]
    )

    assert list(report.flaws) == ["factual_slip", "wrong_format"]
    assert [one.both_orders.value for one in report.flaws.values()] == [0, 1]
    assert report.all.pairs == 2
    table = planted_table(report)
    assert table.splitlines()[0].endswith("of 2 pairs: share, 95% interval, n")
    assert "factual_slip, 1 pairs" in table
    assert "graded" not in table, "what was not asked has no row"


@given(st.lists(judged_pairs(), max_size=6))
def test_it_does_not_depend_on_which_response_is_called_a(pairs: list[JudgedPair]) -> None:
    assert detections(pairs) == detections([swapped(one) for one in pairs])
