"""What holds of the audit whatever the teacher said: it must not matter which response is called a."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.audit import agreement as agree
from synth.audit.bias import longer_wins, position_bias, tie_gap
from synth.audit.intervals import Estimate
from synth.audit.labelled import Labelled, collect
from synth.audit.report import measures
from synth.domain import Ask, Failure, JudgedPair, Order, Protocol, Side, Verdict
from tests.filters.judged import A, B, compared, graded, judged
from tests.strategies import judged_pairs, swapped

SETS = st.lists(judged_pairs(), max_size=12)


def labelled(one: JudgedPair, label: Verdict | None = A, several: tuple[Verdict, ...] = ()) -> JudgedPair:
    return replace(one, pair=replace(one.pair, human_label=label, human_labels=several))


def test_only_pairs_with_a_label_are_taken() -> None:
    pair = judged(compared(Order.AB, A, 8, 5), compared(Order.BA, A, 7, 6), graded(Side.A, 4), graded(Side.B, 9))

    rows = collect([labelled(pair, None), labelled(pair), labelled(pair, None, (A, B, A, B))])

    assert rows.human.tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert rows.votes.tolist() == [[0, 0, 0], [2, 0, 2]]
    assert (rows.verdict[0], rows.ab[0], rows.ba[0], rows.graded[0]) == (1, 1, 1, -1)
    assert (rows.score_gap[0], rows.grade_gap[0], rows.longer[0]) == (2, -5, 0)


def test_half_a_comparison_is_no_verdict_to_stand_by() -> None:
    unread = Failure(Ask(Protocol.PAIRWISE, order=Order.BA), "unreadable", "")

    rows = collect([labelled(judged(compared(Order.AB, A), unread))])

    assert np.isnan(rows.verdict[0])
    assert rows.ab[0] == 1


def test_a_teacher_that_only_graded_stands_by_the_higher_grade() -> None:
    rows = collect([labelled(judged(graded(Side.A, 4), graded(Side.B, 9)))])

    assert (rows.verdict[0], rows.graded[0]) == (-1, -1)


def test_no_pairs_are_no_rows() -> None:
    rows = collect([])

    assert rows.votes.shape == (0, 3)
    assert all(one.n == 0 for one in measures(rows).values())


def facts(rows: Labelled) -> dict[str, Estimate]:
    position, longer = position_bias(rows.ab, rows.ba), longer_wins(rows.verdict, rows.human, rows.longer)
    return measures(rows) | {
        "kappa": agree.cohens_kappa(rows.verdict, rows.human),
        "alpha": agree.krippendorffs_alpha(rows.votes),
        "alpha_with_teacher": agree.alpha_with_teacher(rows.votes, rows.verdict),
        "to_first": position.to_first,
        "to_second": position.to_second,
        "leaning": position.leaning,
        "longer_teacher": longer.teacher,
        "longer_human": longer.human,
    }


@settings(max_examples=15, deadline=None)
@given(SETS)
def test_it_does_not_matter_which_response_is_called_a(pairs: list[JudgedPair]) -> None:
    before, after = collect(pairs), collect(map(swapped, pairs))

    found = facts(after)
    for name, one in facts(before).items():
        other = found[name]
        assert other.n == one.n, name
        assert other.value == (None if one.value is None else pytest.approx(one.value)), name
    for gap in ("score_gap", "grade_gap"):
        one_gap, other_gap = (tie_gap(getattr(rows, gap), rows.human) for rows in (before, after))
        assert (one_gap and one_gap.gap) == (other_gap and other_gap.gap)


@settings(max_examples=15, deadline=None)
@given(SETS, st.randoms())
def test_values_do_not_depend_on_the_order_of_the_rows(pairs: list[JudgedPair], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    again = facts(collect(shuffled))

    for name, one in facts(collect(pairs)).items():
        assert again[name].value == (None if one.value is None else pytest.approx(one.value)), name


@settings(max_examples=15, deadline=None)
@given(SETS)
def test_an_interval_holds_its_value_and_n_counts_labelled_pairs(pairs: list[JudgedPair]) -> None:
    rows = collect(pairs)
    most = Counter(one.pair.human_label is not None for one in pairs)[True]

    for name, one in measures(rows).items():
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert 0 <= one.low <= one.value <= one.high <= 1, name
        assert one.n <= (len(pairs) if name == "consistency" else most)
