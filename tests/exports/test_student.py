from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from pydantic import ValidationError

from synth.config import model as config
from synth.domain import (
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Side,
    Verdict,
    scale_named,
)
from synth.exports import Setting, Student, format_named
from synth.exports.formats import Made
from synth.exports.formats.shown import renamed
from synth.exports.rubrics import criteria_text, rubric
from synth.exports.student import WORDINGS, prompt_text
from synth.scenario import Catalogue, Criterion, Scenario, load
from tests.strategies import texts

CRITERIA = (
    Criterion("clear", "Can be followed at once.", "style", False, "basics"),
    Criterion(
        "steps",
        "Shows its steps.",
        "content",
        True,
        "sums",
        "There are steps.",
        ((1, "None."), (4, "Few."), (7, "Most."), (10, "All of them.")),
    ),
)
CATALOGUE = Catalogue({"sums": Scenario("sums", "g", "Adding up.", CRITERIA)})
PAIR = Pair("p", (Message("user", "2 + 2?"),), "4", "5", "sums", reference="Four.")
JUDGED = JudgedPair(PAIR, (PairwiseJudgment(Order.AB, Verdict.A), PointwiseJudgment(Side.A, 9, "ok")))


def prompt(name: str, judged: JudgedPair = JUDGED, **student: object) -> str:
    setting = Setting(CATALOGUE, student=Student(**student))  # type: ignore[arg-type]
    made = next(one for one in format_named(name).rows(judged, setting) if isinstance(one, Made))
    return str(next(iter(made.row.values())))


def test_criteria_are_shown_as_the_formats_own_system_does_unless_told_otherwise() -> None:
    for name, shown in (("auto-j", False), ("chat", False), ("preference-collection", True), ("auto-j-single", False)):
        assert ("Can be followed at once." in prompt(name)) == shown
        assert "Can be followed at once." in prompt(name, criteria="in")
        assert "Can be followed at once." not in prompt(name, criteria="out")


def test_a_student_without_criteria_has_a_general_question_where_the_format_asks_for_some() -> None:
    said = prompt("feedback-collection", criteria="out")
    assert "How well does the response serve" in format_row("feedback-collection", criteria="out")["orig_criteria"]
    assert "Shows its steps." not in said
    assert "All of them." not in said
    assert "5: It serves the prompt fully" in said


def format_row(name: str, **student: object) -> dict[str, str]:
    setting = Setting(CATALOGUE, student=Student(**student))  # type: ignore[arg-type]
    return next(one.row for one in format_named(name).rows(JUDGED, setting) if isinstance(one, Made))


def test_criteria_are_those_the_teacher_was_shown() -> None:
    setting = Setting(CATALOGUE, own_criteria=True)
    assert [one.name for one in setting.criteria(PAIR, by_default=True)] == ["steps"]
    assert criteria_text(CRITERIA) == (
        "- clear: Can be followed at once.\n- steps: Shows its steps. Counts only if: There are steps."
    )


def test_a_rubric_of_the_scenario_says_what_the_scores_mean_on_the_scale_of_the_format() -> None:
    meanings = dict(rubric(CRITERIA, scale_named("1-10"), scale_named("1-5")))
    ends = {score: meaning.rpartition(". ")[2] for score, meaning in meanings.items()}
    assert (ends[1], ends[2], ends[4], ends[5]) == (
        "steps: None.",
        "steps: Few.",
        "steps: Most.",
        "steps: All of them.",
    )
    assert "steps" not in meanings[3]
    assert len({meaning.partition(":")[0] for meaning in meanings.values()}) == 5
    assert "steps" not in str(rubric(CRITERIA, scale_named("1-5"), scale_named("1-5")))  # written for another scale
    assert [score for score, _ in rubric((), scale_named("1-10"), scale_named("binary"))] == [0, 1]


def test_the_reference_is_shown_where_it_is_wanted_and_known() -> None:
    for name in ("auto-j", "auto-j-single", "feedback-collection", "preference-collection", "chat"):
        assert "Four." in prompt(name)
        assert "Four." not in prompt(name, reference="out")
        assert "reference" not in prompt(name, replace(JUDGED, pair=replace(PAIR, reference="")))
    written = JudgedPair(replace(PAIR, reference=""), (replace(JUDGED.comparisons[0], reference="I say four."),))
    assert "I say four." not in prompt("auto-j", written)
    assert format_row("pandalm")["outputs"]["reference_response"] == "Four."  # type: ignore[index]


def test_wordings_take_turns_by_the_pair_and_the_seed() -> None:
    pairs = [replace(JUDGED, pair=replace(PAIR, id=str(number))) for number in range(40)]
    assert len({prompt("auto-j", one) for one in pairs}) == 1
    for name in ("auto-j", "feedback-collection"):
        several = [prompt(name, one, wordings=WORDINGS) for one in pairs]
        assert len(set(several)) == WORDINGS
        assert several == [prompt(name, one, wordings=WORDINGS) for one in pairs]
        for said in set(several):
            assert all(part in said for part in ("2 + 2?", "Four.", "4"))


def test_the_config_allows_as_many_wordings_as_there_are() -> None:
    templates = Path("synth/exports/templates")
    for protocol in ("pairwise", "pointwise"):
        assert len(list(templates.glob(f"{protocol}.*.jinja2"))) == WORDINGS
    section = config.Student(wordings=WORDINGS)
    with pytest.raises(ValidationError):
        config.Student(wordings=WORDINGS + 1)
    assert replace(Student(**section.model_dump()), wordings=1) == Student()


def test_several_turns_are_shown_under_their_roles() -> None:
    turns = (Message("system", "Be brief."), Message("user", "Hi"))
    assert prompt_text(turns) == "[system]\nBe brief.\n[user]\nHi"
    assert prompt_text(turns[1:]) == "Hi"


def test_a_teachers_name_for_a_response_becomes_the_formats() -> None:
    said = "Response 1's list beats response 2. Responses 1 and 2 agree; Response 10, response 1.5 and Response A not."
    assert renamed(said, "Assistant", ("1", "2")) == (
        "Assistant 1's list beats assistant 2. Assistants 1 and 2 agree; Response 10, response 1.5 and Response A not."
    )
    assert renamed("Responses 1/2, **Response 2**", "Response", ("A", "B")) == "Responses A/B, **Response B**"


@given(texts)
def test_words_without_names_stay_as_they_are(text: str) -> None:
    assert renamed(text, "Assistant", ("1", "2")) == text


def test_a_scenario_with_a_scale_of_its_own_counts_before_the_runs() -> None:
    setting = Setting(load(), "1-5")
    own = {one.name: one.scale for one in setting.catalogue if one.scale}
    assert setting.scale_of(replace(PAIR, scenario="others")).name == own.get("others", "1-5")
    catalogue = Catalogue({"sums": replace(CATALOGUE.get("sums"), scale="1-3")})
    assert Setting(catalogue, "1-5").scale_of(PAIR).name == "1-3"
