"""Small tables with values worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from synth.audit import agreement as agree
from synth.audit.correlation import correlations, preference

A, T, B, NONE = 1.0, 0.0, -1.0, math.nan

#                   right  flip  wrong  tie    tie missed  unread  no majority
HUMAN = np.array([A, A, A, T, T, B, NONE])
AB = np.array([A, A, B, T, B, NONE, A])
BA = np.array([A, B, B, T, B, B, A])
VERDICT = np.array([A, NONE, B, T, B, NONE, A])


def test_agreement_is_over_pairs_with_a_verdict_and_a_label() -> None:
    found = agree.agreement(VERDICT, HUMAN)  # right, wrong, tie, tie missed

    assert (found.value, found.n) == (2 / 4, 4)


def test_without_ties_are_pairs_that_both_decide() -> None:
    found = agree.agreement_without_ties(VERDICT, HUMAN)  # right, wrong

    assert (found.value, found.n) == (1 / 2, 2)


def test_a_flip_counts_as_a_tie_in_mt_benchs_first_setup() -> None:
    found = agree.agreement_flips_as_ties(AB, BA, HUMAN)  # right, flip, wrong, tie, tie missed

    assert (found.value, found.n) == (2 / 5, 5)
    assert agree.agreement_flips_as_ties(np.array([A]), np.array([B]), np.array([T])).value == 1


def test_strict_agreement_is_right_in_both_orders() -> None:
    found = agree.strict_agreement(AB, BA, HUMAN)

    assert (found.value, found.n) == (2 / 5, 5)


def test_asked_once_counts_a_flip_half() -> None:
    found = agree.asked_once(AB, BA, HUMAN)

    assert (found.value, found.n) == (2.5 / 5, 5)


def test_consistency_needs_no_label() -> None:
    found = agree.consistency(AB, BA)  # all but the flip; the unread one does not count

    assert (found.value, found.n) == (5 / 6, 6)


def test_cohens_kappa_of_a_known_table() -> None:
    # 20 times both a, 15 times both b, 5 times only the teacher a, 10 times only the human: the textbook's 0.4
    verdict = np.array([A] * 25 + [B] * 25)
    human = np.array([A] * 20 + [B] * 5 + [A] * 10 + [B] * 15)

    found = agree.cohens_kappa(verdict, human)

    assert found.value == pytest.approx(0.4)
    assert found.n == 50
    assert found.low is not None
    assert found.low < 0.4 < (found.high or 0)


def test_kappa_is_undefined_where_both_always_say_the_same() -> None:
    assert agree.cohens_kappa(np.array([A, A]), np.array([A, A])).value is None


def test_krippendorffs_alpha_of_annotators() -> None:
    # Units aa, aa, bb, ab: of 8 votes 5 are a, 3 b. Do = 2 / 8; De = 2 * 5 * 3 / (8 * 7) = 30 / 56.
    votes = np.array([[2.0, 0, 0], [2, 0, 0], [0, 0, 2], [1, 0, 1], [1, 0, 0]])

    found = agree.krippendorffs_alpha(votes)

    assert found.value == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert found.n == 4, "one vote cannot agree with any other"


def test_alpha_falls_with_a_teacher_that_does_not_fit_in() -> None:
    votes = np.array([[2.0, 0, 0], [0, 0, 2]] * 10)
    fits = np.array([A, B] * 10)

    assert agree.krippendorffs_alpha(votes).value == 1
    assert agree.alpha_with_teacher(votes, fits).value == 1
    assert (agree.alpha_with_teacher(votes, -fits).value or 0) < 0.5
    assert agree.alpha_with_teacher(votes, np.full(20, NONE)).value == 1, "who says nothing does not disagree"


def test_scores_correlate_with_preference() -> None:
    gap = np.array([4.0, 2, 0, -1, -3, NONE])
    human = np.array([A, A, T, B, T, A])

    found = correlations(gap, human)

    for name, function in (("spearman", stats.spearmanr), ("kendall", stats.kendalltau), ("pearson", stats.pearsonr)):
        assert found[name].value == pytest.approx(function(gap[:5], human[:5])[0])
        assert found[name].n == 5
    assert found["kendall"].value == pytest.approx(6 / math.sqrt(10 * 8))  # 7 of 8 untied in label concordant, 1 not


def test_scores_that_never_differ_correlate_with_nothing() -> None:
    assert correlations(np.zeros(3), np.array([A, T, B]))["spearman"].value is None


def test_several_annotators_prefer_by_their_mean() -> None:
    votes = np.array([[2.0, 1, 0], [0, 0, 0], [1, 0, 1]])

    assert preference(np.array([A, B, NONE]), votes).tolist() == [2 / 3, -1, 0]
