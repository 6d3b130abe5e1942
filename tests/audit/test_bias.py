import math

import numpy as np

from synth.audit.bias import longer_wins, position_bias, tie_gap, tie_rate

A, T, B, NONE = 1.0, 0.0, -1.0, math.nan


def test_position_bias_counts_slots_that_win_twice() -> None:
    #             first  first  second  stable  stable  half    unread
    ab = np.array([A, A, B, A, B, A, A])
    ba = np.array([B, B, A, A, B, T, NONE])

    found = position_bias(ab, ba)

    assert (found.to_first.value, found.to_first.n) == (2 / 6, 6)
    assert found.to_second.value == 1 / 6
    assert found.leaning.value == (1 + 1 - 1 + 0 + 0 + 0.5) / 6


def test_longer_wins_is_held_against_the_humans_own_rate() -> None:
    verdict = np.array([A, A, A, B, T, A, A])
    human = np.array([A, B, B, B, A, T, A])
    longer = np.array([A, A, A, B, A, A, T])  # the last two do not count: undecided, equally long

    found = longer_wins(verdict, human, longer)

    assert (found.teacher.value, found.human.value, found.teacher.n) == (1.0, 0.5, 4)
    assert found.difference.value == 0.5


def test_tie_rates_are_over_the_same_pairs() -> None:
    found = tie_rate(np.array([T, A, A, NONE]), np.array([T, T, A, T]))

    assert (found.teacher.value, found.human.value, found.difference.value) == (1 / 3, 2 / 3, -1 / 3)


def test_the_gap_that_calibrates_ties_is_the_one_that_makes_as_many_as_people_do() -> None:
    gap = np.array([0.0, 1, -1, 3, -4, 5, 6, -7])
    human = np.array([T, T, T, A, B, A, A, A])

    found = tie_gap(gap, human)

    assert found is not None
    assert (found.gap, found.ties, found.human_ties) == (1, 3 / 8, 3 / 8)
    assert (found.agreement.value, found.agreement_at_zero.value) == (7 / 8, 5 / 8)


def test_scores_that_always_differ_need_no_gap_for_people_who_never_tie() -> None:
    found = tie_gap(np.array([2.0, -3]), np.array([A, B]))

    assert found is not None
    assert (found.gap, found.ties, found.agreement.value) == (0, 0, 1)
    assert tie_gap(np.array([NONE]), np.array([A])) is None
