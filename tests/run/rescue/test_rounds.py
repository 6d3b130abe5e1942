"""Two rounds of judgments as the filters see them: one of the two, whole, or all votes of both."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import Dropped, chosen
from synth.config.model import Config
from synth.domain import Failure, JudgedPair, Judgment
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.rescue.rounds import judged_pairs
from tests.filters.judged import AB, BA, EVERY, A, B, compared, graded, judged, numbered
from tests.run.test_tables import judgment_rows
from tests.strategies import judged_pairs as any_pairs

FILTERS = chosen("minimal")
FLIPS, STANDS = judged(compared(AB, A), compared(BA, B)), judged(compared(AB, B), compared(BA, B))


def config(**rescue: Any) -> Config:
    return Config.model_validate(
        {"name": "n", "data": {"path": "p"}, "teacher": {"model": "m"}, "rescue": rescue or None}
    )


STRONGER = config(teacher={"model": "big"})


def rows(judged: JudgedPair, round: int, sample: int = 0) -> Iterator[dict[str, Any]]:
    return (row | {"round": round, "sample": sample} for row in judgment_rows(judged))


def seen(
    path: Path, rounds: Sequence[tuple[JudgedPair, Sequence[JudgedPair]]], settings: Config, filters: Any = FILTERS
) -> list[JudgedPair]:
    """What filters are shown of pairs with a first round, and the samples of a second."""
    folder = RunFolder(path)
    tables.write(folder.pairs, tables.PAIRS, (tables.pair_row(first.pair) for first, _ in rounds))
    judgments = (
        row
        for first, again in rounds
        for row in (
            *rows(first, 1),
            *(row for sample, one in enumerate(again) for row in rows(replace(one, pair=first.pair), 2, sample)),
        )
    )
    tables.write(folder.judgments, tables.JUDGMENTS, judgments)
    return list(judged_pairs(folder, filters, settings, 1))


def test_the_second_round_takes_the_place_of_a_first_that_is_objected_to(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, [(FLIPS, [STANDS])], STRONGER)
    assert found.judgments == STANDS.judgments
    assert found.again is not None
    assert (found.again.by, found.again.first_objection) == ("big", "order_unstable: verdict flips")


def test_a_first_round_that_other_filters_have_nothing_against_stays(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, [(FLIPS, [STANDS])], STRONGER, chosen({"order_unstable": {"policy": "tie"}}))
    assert (found.judgments, found.again) == (FLIPS.judgments, None)


def test_a_pair_that_was_never_asked_about_again_is_as_it_was(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, [(FLIPS, [])], STRONGER)
    assert found == FLIPS


def test_a_call_that_failed_is_for_the_first_teacher_to_answer(tmp_path: Path) -> None:
    failed = judged(compared(AB, A), Failure(EVERY[1], "call failed", "500"))
    (found,) = seen(tmp_path, [(failed, [STANDS])], STRONGER)
    assert found == failed


def test_without_a_rescue_only_the_first_round_counts(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, [(FLIPS, [STANDS])], config())
    assert found == FLIPS


def test_judgments_of_two_rounds_that_would_agree_are_not_put_together(tmp_path: Path) -> None:
    """ab of the first and ba of the second say the same, and are no verdict of one teacher."""
    (found,) = seen(tmp_path, [(FLIPS, [judged(compared(AB, B), compared(BA, A))])], STRONGER)
    assert found.verdict is None


@pytest.mark.parametrize(
    ("votes", "verdicts"),
    [
        ([(A, A), (A, A)], (A, A)),  # 3 for a in ab; 2 of 3 for a in ba
        ([(B, B), (A, B)], (A, B)),
        ([(B, A), (B, B)], (B, B)),
    ],
)
def test_the_first_judgment_is_one_of_the_votes_of_its_model(
    tmp_path: Path, votes: list[tuple[Any, Any]], verdicts: tuple[Any, Any]
) -> None:
    again = [judged(compared(AB, ab), compared(BA, ba)) for ab, ba in votes]
    (found,) = seen(tmp_path, [(FLIPS, again)], config(votes=2))
    assert tuple(one.verdict for one in found.comparisons) == verdicts
    assert found.again is not None
    assert found.again.by == "3 votes of m"


def test_of_another_model_its_own_votes_count_alone(tmp_path: Path) -> None:
    again = [STANDS, judged(compared(AB, A), compared(BA, B)), judged(compared(AB, B), compared(BA, B))]
    (found,) = seen(tmp_path, [(FLIPS, again)], config(teacher={"model": "big"}, votes=3))
    assert [one.verdict for one in found.comparisons] == [B, B]


def test_votes_without_a_majority_are_a_failure(tmp_path: Path) -> None:
    again = [judged(compared(AB, A), compared(BA, A)), judged(compared(AB, B), compared(BA, A))]
    (found,) = seen(tmp_path, [(FLIPS, again)], config(teacher={"model": "big"}, votes=2))
    assert [(one.ask, one.reason) for one in found.failures] == [(EVERY[0], "not majority")]


def test_grades_of_one_sample_vote_together(tmp_path: Path) -> None:
    first = judged(graded("a", 5), Failure(EVERY[3], "unreadable", ""))  # type: ignore[arg-type]
    again = [judged(graded("a", 2), graded("b", 8)), judged(graded("a", 3), graded("b", 6))]  # type: ignore[arg-type]
    (found,) = seen(tmp_path, [(first, again)], config(votes=2))
    assert [one.score for one in found.grades] == [2.5, 7]


@settings(max_examples=40)
@given(st.lists(st.tuples(any_pairs(), any_pairs()), max_size=4))
def test_every_pair_is_wholly_of_one_round(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[JudgedPair, JudgedPair]]
) -> None:
    firsts = numbered([first for first, _ in pairs])
    rounds = [(first, [again]) for first, (_, again) in zip(firsts, pairs, strict=True)]
    found = seen(tmp_path_factory.getbasetemp(), rounds, STRONGER, chosen("default"))

    def said(one: JudgedPair) -> set[Judgment | Failure]:
        return {*one.judgments, *one.failures}

    assert [one.pair for one in found] == [first.pair for first in firsts]
    for one, (first, (again,)) in zip(found, rounds, strict=True):
        assert said(one) == said(again if one.again else first)
        objection = chosen("default").one(first)
        asked = (
            isinstance(objection, Dropped)
            and objection.filter in ("malformed", "inconsistent", "order_unstable", "protocols_disagree")
            and objection.reason != "call failed"
        )
        assert (one.again is not None) == asked
