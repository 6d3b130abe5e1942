"""What differs, how often, and why."""

from dataclasses import replace
from typing import Any

import pytest

from synth.diff import Kind, Made, Row, Version, compare
from synth.domain import Side, Verdict

MADE = Made(
    teacher="m", judging="1-10", templates="t", filters={"malformed": {}}, scenarios={"tea": "1", "coffee": "2"}
)
DROP = "order_unstable: verdict flips"


def row(number: int, **more: Any) -> Row:
    found = Row(str(number), b"c%d" % number, b"t%d" % number, Side.A, "tea", Verdict.A, asked="q", said=b"r")
    return replace(found, **more)


def why(old: Row, new: Row, before: Made | None = MADE, after: Made | None = MADE) -> tuple[str, str]:
    (change,) = compare(Version("old", [old], before), Version("new", [new], after)).changes
    return str(change.kind), change.why


FLIPPED = row(1, verdict=Verdict.B, said=b"other", asked="other")


@pytest.mark.parametrize(
    ("new", "made", "cause"),
    [
        (FLIPPED, replace(MADE, scenarios={"tea": "9"}), "criteria"),
        (FLIPPED, replace(MADE, scenarios={"tea": "1", "coffee": "9"}), "asked otherwise"),
        (FLIPPED, replace(MADE, teacher="other"), "teacher"),
        (FLIPPED, replace(MADE, templates="other"), "prompt templates"),
        (FLIPPED, replace(MADE, judging="1-5"), "judging settings"),
        (FLIPPED, replace(MADE, teacher="other", scenarios={"tea": "9"}), "criteria + teacher"),
        (replace(FLIPPED, scenario="coffee"), MADE, "another scenario"),
        (replace(FLIPPED, text=b"edited", content=b"edited"), MADE, "prompt or responses"),
        (replace(FLIPPED, asked="q"), replace(MADE, teacher="other"), "another reply to the same question"),
        (replace(FLIPPED, asked="q-choice"), replace(MADE, teacher="other"), "another reply to the same question"),
        (replace(FLIPPED, asked="q", said=b"r"), MADE, "filter settings"),
        (replace(FLIPPED, asked="q", said=b"r", rescued=b"second"), MADE, "rescue"),
    ],
)
def test_a_flip_has_the_cause_that_changed_the_question_or_the_reply(new: Row, made: Made, cause: str) -> None:
    assert why(row(1), new, MADE, made) == ("verdict flipped", cause)


STRICT = replace(MADE, filters={"malformed": {}, "shallow": {}})


@pytest.mark.parametrize(
    ("new", "made", "cause"),
    [
        (row(1), STRICT, "filter settings"),
        (row(1), MADE, "other pairs of the set"),
        (row(1, said=b"other"), MADE, "another reply to the same question"),
        (row(1, said=b"other"), STRICT, "another reply to the same question + filter settings"),
        (row(1, asked="other"), replace(STRICT, teacher="x"), "teacher + filter settings"),
        (row(1, said=b""), MADE, "other pairs of the set"),
    ],
)
def test_a_pair_that_is_dropped_now_has_the_filters_among_its_causes(new: Row, made: Made, cause: str) -> None:
    dropped = replace(new, dropped=DROP)
    assert why(row(1), dropped, MADE, made) == ("dropped now", cause)
    assert why(dropped, row(1), made, MADE)[0] == "kept now"


def test_without_marks_only_what_is_known_to_differ_is_a_cause() -> None:
    unmarked = replace(FLIPPED, asked="")
    assert why(row(1, asked=""), unmarked)[1] == "another reply to the same question"
    assert why(row(1, asked=""), unmarked, MADE, replace(MADE, teacher="x"))[1] == "teacher"


def test_a_dataset_without_a_manifest_leaves_the_cause_open_and_its_reference_alone() -> None:
    published = row(1, said=b"", reference=None)
    assert why(published, replace(FLIPPED, reference="mine"), None)[1] == "asked otherwise"
    assert why(row(1, reference="a"), replace(FLIPPED, reference="b"))[1] == "reference"


def test_everything_is_counted_once() -> None:
    old = [row(1), row(2), row(3), row(4, dropped=DROP), row(5, dropped=DROP), row(6)]
    new = [
        row(1),
        row(2, verdict=Verdict.TIE, said=b"x"),
        row(3, dropped=DROP, said=b"x"),
        row(4),
        row(5, dropped="shallow: too short"),
        row(7, dropped=DROP),
        row(8),
    ]
    found = compare(Version("old", old, MADE), Version("new", new, MADE))
    assert found.unchanged == 2
    assert {kind: found.count(kind).total() for kind in Kind} == {
        Kind.ADDED: 2,
        Kind.GONE: 1,
        Kind.FLIPPED: 1,
        Kind.DROPPED: 1,
        Kind.KEPT: 1,
    }
    assert found.count(Kind.ADDED) == {"dropped": 1, "kept": 1}
    assert (found.old.judged, found.old.kept, found.new.judged, found.new.kept) == (6, 4, 7, 4)
    assert (found.asked_alike, found.asked_anew) == (5, {"new": 2})
    judged, kept = found.judged, found.kept
    assert (judged.agreement.value, judged.agreement.n) == (4 / 5, 5)
    assert (kept.agreement.value, kept.agreement.n) == (1 / 2, 2)
    assert kept.agreement.low is not None
    assert judged.cohens_kappa.n == 5
    assert [str(one.kind) for one in found.examples(1)] == [
        "verdict flipped",
        "dropped now",
        "kept now",
        "added",
        "gone",
    ]


def test_agreement_is_by_identity_where_responses_are_swapped() -> None:
    old = [row(number, verdict=[Verdict.A, Verdict.B, Verdict.TIE][number % 3]) for number in range(9)]
    turned = {Verdict.A: Verdict.B, Verdict.B: Verdict.A, Verdict.TIE: Verdict.TIE}
    new = [replace(one, first=Side.B, verdict=turned[one.verdict or Verdict.TIE]) for one in old]
    found = compare(Version("old", old, MADE), Version("new", new, MADE))
    assert not found.changes
    assert (found.kept.agreement.value, found.kept.cohens_kappa.value) == (1, 1)


def test_what_a_dataset_dropped_is_not_known_and_not_guessed() -> None:
    found = compare(Version("old", [row(1)], None, whole=False), Version("new", [row(1), row(2)], MADE))
    assert found.old.judged is None
    assert found.asked_anew == {"new, or not kept before": 1}


def test_nothing_in_common_has_no_agreement() -> None:
    found = compare(Version("old", [], MADE), Version("new", [row(1)], MADE))
    assert (found.judged.agreement.value, found.judged.agreement.n) == (None, 0)
    assert found.record(2)["examples"][0]["new"]["verdict"] == "a"
