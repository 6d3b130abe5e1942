import json
from dataclasses import replace

import pytest
from hypothesis import given

from synth.domain import (
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Side,
    Verdict,
)
from synth.errors import ConfigError
from synth.exports import FORMATS, Setting, format_named
from synth.exports.formats import LeftOut, Row
from synth.rows import columns
from synth.scenario import load
from tests.strategies import judged_pairs, swapped

SETTING = Setting(load())
PAIR = Pair("p", (Message("user", "q"),), "one", "two", "others", model_a="m1", model_b="m2", source="web")
AB = PairwiseJudgment(Order.AB, Verdict.A, 9, 3, "compared", "of a", "of b", "written")
BA = PairwiseJudgment(Order.BA, Verdict.A, 8, 4, "compared again", "of a again", "of b again", "written again")
GRADES = (PointwiseJudgment(Side.A, 7, "alone a"), PointwiseJudgment(Side.B, 2, "alone b"))


def pairs_row(judged: JudgedPair) -> Row | None:
    (made,) = format_named("pairs").rows(judged, SETTING)
    if isinstance(made, LeftOut):
        assert made == LeftOut("no verdict")
        return None
    return made.row


def test_a_row_says_everything_by_identity_and_in_the_words_of_order_ab() -> None:
    pair = replace(PAIR, target_b=8, planted="padding", flawed=Side.B)
    assert pairs_row(JudgedPair(pair, (AB, BA, *GRADES))) == {
        "id": "p",
        "scenario": "others",
        "prompt": [{"role": "user", "content": "q"}],
        "response_a": "one",
        "response_b": "two",
        "verdict": "a",
        "comparison": "compared",
        "critique_a": "of a",
        "critique_b": "of b",
        "score_a": 9,
        "score_b": 3,
        "pointwise_score_a": 7,
        "pointwise_score_b": 2,
        "pointwise_critique_a": "alone a",
        "pointwise_critique_b": "alone b",
        "reference": "written",
        "reference_source": "judgment",
        "model_a": "m1",
        "model_b": "m2",
        "source": "web",
        "asked": "",
        "target_a": None,
        "target_b": 8,
        "planted": "padding",
        "flawed": "b",
    }


def test_a_pair_that_was_only_graded_has_a_verdict_too() -> None:
    row = pairs_row(JudgedPair(PAIR, GRADES))
    assert row is not None
    assert (row["verdict"], row["comparison"], row["score_a"], row["pointwise_score_a"]) == ("a", "", None, 7)


def test_a_pair_that_was_only_compared_has_empty_columns_for_grades() -> None:
    row = pairs_row(JudgedPair(PAIR, (AB, BA)))
    assert row is not None
    assert {name: value for name, value in row.items() if name.startswith("pointwise")} == {
        "pointwise_score_a": None,
        "pointwise_score_b": None,
        "pointwise_critique_a": "",
        "pointwise_critique_b": "",
    }


def test_a_settled_verdict_has_only_words_that_say_it() -> None:
    tie, b = PairwiseJudgment(Order.AB, Verdict.TIE, 5, 5, "even"), PairwiseJudgment(Order.BA, Verdict.B, 1, 2)
    row = pairs_row(JudgedPair(PAIR, (tie, b), settled=Verdict.TIE))
    assert row is not None
    assert (row["verdict"], row["comparison"], row["score_a"]) == ("tie", "even", 5)
    row = pairs_row(JudgedPair(PAIR, (AB, b), settled=Verdict.TIE))
    assert row is not None
    assert (row["verdict"], row["comparison"], row["score_a"]) == ("tie", "", None)


def test_a_pair_without_a_verdict_has_no_row() -> None:
    assert pairs_row(JudgedPair(PAIR)) is None
    assert pairs_row(JudgedPair(PAIR, (AB, PairwiseJudgment(Order.BA, Verdict.B)))) is None


@given(judged_pairs())
def test_a_row_read_back_says_what_the_pair_said(judged: JudgedPair) -> None:
    row = pairs_row(judged)
    if row is None:
        assert judged.verdict is None
        return
    again = json.loads(json.dumps(row, ensure_ascii=False))
    assert again == row
    pair, shown = columns.pair(again), judged.comparison(Order.AB)
    assert (pair.id, pair.prompt, pair.scenario) == (judged.pair.id, judged.pair.prompt, judged.pair.scenario)
    assert (pair.response_a, pair.response_b) == (judged.pair.response_a, judged.pair.response_b)
    assert Verdict(again["verdict"]) is judged.verdict
    assert pair.reference == judged.pair.reference or (shown and pair.reference == shown.reference)
    for grade in judged.grades:
        assert again[f"pointwise_score_{grade.response}"] == grade.score
        assert again[f"pointwise_critique_{grade.response}"] == grade.critique
    if shown:
        assert (again["score_a"], again["score_b"]) == (shown.score_a, shown.score_b)
        assert (again["critique_a"], again["critique_b"]) == (shown.critique_a, shown.critique_b)


@given(judged_pairs())
def test_a_pair_has_a_row_whichever_response_is_called_a(judged: JudgedPair) -> None:
    row, renamed = pairs_row(judged), pairs_row(swapped(judged))
    assert (row is None) == (renamed is None)
    if row and renamed:
        assert (renamed["response_a"], renamed["model_a"]) == (row["response_b"], row["model_b"])
        assert {row["verdict"], renamed["verdict"]} in ({"a", "b"}, {"tie"})


def test_formats_are_found_by_name() -> None:
    assert [format_named(one.name) for one in FORMATS] == list(FORMATS)
    assert len({one.name for one in FORMATS}) == len(FORMATS)


def test_an_unknown_format_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(
        ConfigError, match=r"outputs.formats: unknown format 'pair'; did you mean 'pairs'\? one of pairs"
    ):
        format_named("pair")
    with pytest.raises(ConfigError, match=r"--format: unknown format 'zebra'; one of pairs, auto-j"):
        format_named("zebra", "--format")
