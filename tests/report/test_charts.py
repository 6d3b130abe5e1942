import pytest

from synth.audit import agreement
from synth.report import charts
from synth.report.facts import KEPT, Facts, Fate, facts

FLIP = Fate("order_unstable", "verdict flips")
ASIDE = Fate("input", "identical responses")


def row(
    ab: str, ba: str, fate: Fate = KEPT, *, a: int = 10, b: int = 10, scenario: str = "others"
) -> dict[str, object]:
    why = {"filter": fate.filter, "reason": fate.reason} if fate != KEPT else {}
    return {
        **why,
        "scenario": scenario,
        "response_a": "x" * a,
        "response_b": "y" * b,
        "human_label": "",
        "human_labels": [],
        "verdict": ab if ab == ba else ab or ba if not (ab and ba) else "",
        "verdict_ab": ab,
        "verdict_ba": ba,
    }


@pytest.fixture
def some() -> Facts:
    return facts(
        [
            row("a", "a", a=30),
            row("a", "a", a=10, b=11, scenario="code_generation"),
            row("tie", "tie", a=12),
            row("b", "b", b=100),
            row("a", "b", FLIP, a=50),
            row("a", "", Fate("malformed", "unreadable"), a=90),
            row("", "", ASIDE),
        ]
    )


def test_verdicts_are_counted_by_both_orders(some: Facts) -> None:
    found = charts.orders(some)
    assert found.table == {
        "a": {"a": 2, "tie": 0, "b": 1},
        "tie": {"a": 0, "tie": 1, "b": 0},
        "b": {"a": 0, "tie": 0, "b": 1},
    }
    assert found.n == 5
    assert found.consistency == agreement.consistency(some.ab, some.ba)
    assert found.consistency.value == pytest.approx(4 / 5)


def test_length_is_held_against_verdicts_of_both_orders_only(some: Facts) -> None:
    found = charts.lengths(some)
    assert {one.label: (one.longer, one.tie, one.shorter) for one in found.bins if one.n} == {
        "1.1 to 1.25 times": (0, 1, 1),
        "2 to 4 times": (1, 0, 0),
        "over 4 times": (1, 0, 0),
    }  # fmt: skip
    assert (found.judged.value, found.judged.n) == (pytest.approx(2 / 3), 3)


def test_reasons_count_set_aside_rows_and_scenarios_do_not(some: Facts) -> None:
    assert charts.reasons(some) == [(ASIDE, 1), (Fate("malformed", "unreadable"), 1), (FLIP, 1)]
    others, code = charts.scenarios(some)
    assert (others.name, others.judged, others.kept) == ("others", 5, 3)
    assert (code.name, code.judged, code.kept, code.reason) == ("code_generation", 1, 1, None)


def test_a_run_without_pairs_has_empty_charts() -> None:
    none = facts([])
    assert charts.orders(none).n == 0
    assert sum(one.n for one in charts.lengths(none).bins) == 0
    assert charts.scenarios(none) == charts.reasons(none) == charts.histograms({}, (1, 10)) == []


def test_whole_scores_have_a_bar_each_with_their_share() -> None:
    scores = {("x", "pairwise", 3.0): 3, ("x", "pairwise", 10.0): 1, ("y", "pointwise", 1.0): 5}
    every, y, x = charts.histograms(scores, (1, 10))
    assert [label for label, _ in every.bars] == [str(score) for score in range(1, 11)]
    assert (every.name, every.n, every.mean) == (
        "",
        {"pairwise": 4, "pointwise": 5},
        {"pairwise": 4.75, "pointwise": 1.0},
    )
    assert dict(x.bars)["3"] == {"pairwise": 0.75}
    assert dict(y.bars)["1"] == {"pointwise": 1.0}


def test_other_scores_are_put_into_twenty_bars_that_hold_them_all() -> None:
    (found,) = charts.histograms(
        {("x", "pointwise", 0.5): 2, ("x", "pointwise", 99.5): 1, ("x", "pointwise", 12.0): 1}, (1, 10)
    )
    assert len(found.bars) == 20
    assert sum(share["pointwise"] for _, share in found.bars) == pytest.approx(1)
