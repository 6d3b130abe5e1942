"""The definitions that ship: all there, and each worth judging by."""

from collections.abc import Iterator

import pytest

from synth.scenario import BUILT_IN, Catalogue, Scenario, load
from synth.scenario import definition as definitions
from synth.scenario.catalogue import files

# Auto-J's 58 scenarios in their groups (Li et al., "Generative Judge for Evaluating Alignment", ICLR 2024, table 7).
GROUPS = {
    "summarization": {"post_summarization", "text_summarization", "note_summarization"},
    "exam_questions": {
        "math_reasoning",
        "solving_exam_question_with_math",
        "solving_exam_question_without_math",
    },
    "code": {
        "code_simplification",
        "code_generation",
        "explaining_code",
        "code_correction_rewriting",
        "code_to_code_translation",
    },
    "rewriting": {
        "text_simplification",
        "language_polishing",
        "instructional_rewriting",
        "text_correction",
        "paraphrasing",
    },
    "creative_writing": {
        "writing_song_lyrics",
        "writing_social_media_post",
        "writing_blog_post",
        "writing_personal_essay",
        "creative_writing",
        "writing_advertisement",
        "writing_marketing_materials",
        "writing_presentation_script",
        "counterfactual",
    },
    "functional_writing": {
        "writing_product_description",
        "writing_job_application",
        "writing_news_article",
        "writing_biography",
        "writing_email",
        "writing_legal_document",
        "writing_technical_document",
        "writing_scientific_paper",
        "functional_writing",
        "writing_cooking_recipe",
    },
    "general_communication": {
        "asking_how_to_question",
        "open_question",
        "analyzing_general",
        "explaining_general",
        "seeking_advice",
        "recommendation",
        "value_judgement",
        "verifying_fact",
        "chitchat",
        "roleplay",
        "planning",
        "brainstorming",
    },
    "nlp_tasks": {
        "ranking",
        "text_to_text_translation",
        "data_analysis",
        "classification_identification",
        "title_generation",
        "question_generation",
        "reading_comprehension",
        "keywords_extraction",
        "information_extraction",
        "topic_modeling",
        "others",
    },
}
BASICS = {"writing", "conversation", "coding", "exam", "mathematics"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def own(scenario: Scenario) -> Iterator[str]:
    return (criterion.name for criterion in scenario.criteria if criterion.origin == scenario.name)


def test_there_are_58_scenarios_in_their_groups(catalogue: Catalogue) -> None:
    found: dict[str, set[str]] = {}
    for scenario in catalogue:
        found.setdefault(scenario.group, set()).add(scenario.name)
    assert found == GROUPS
    assert sum(map(len, GROUPS.values())) == 58


def test_no_file_is_left_over() -> None:
    assert {path.stem for path in files(BUILT_IN)} == BASICS.union(*GROUPS.values())


def test_the_shared_sets_are_no_scenarios(catalogue: Catalogue) -> None:
    assert [name for name in BASICS if name in catalogue] == []
    assert all(definitions.read(BUILT_IN / "basics" / f"{name}.yaml").basic for name in BASICS)


def test_every_shared_set_is_used(catalogue: Catalogue) -> None:
    origins = {criterion.origin for scenario in catalogue for criterion in scenario.criteria}
    assert origins >= BASICS


def test_rows_without_a_scenario_have_one_to_fall_back_on(catalogue: Catalogue) -> None:
    assert catalogue.get("others").criteria


def test_every_scenario_brings_criteria_of_its_own(catalogue: Catalogue) -> None:
    assert {scenario.name: count for scenario in catalogue if (count := len(list(own(scenario)))) < 5} == {}


def test_a_scenario_demands_nothing_twice(catalogue: Catalogue) -> None:
    for scenario in catalogue:
        names = [criterion.name for criterion in scenario.criteria]
        texts = [criterion.description for criterion in scenario.criteria]
        assert len(set(names)) == len(names), scenario.name
        assert len(set(texts)) == len(texts), scenario.name


def test_every_scenario_says_when_to_choose_it_and_shows_examples(catalogue: Catalogue) -> None:
    assert [one.name for one in catalogue if not one.choose_when or not one.examples] == []


def test_no_draft_ships(catalogue: Catalogue) -> None:
    assert [one.name for one in catalogue if one.draft] == []


def test_rubrics_lie_on_the_default_scale(catalogue: Catalogue) -> None:
    scores = {score for one in catalogue for criterion in one.criteria for score, _ in criterion.rubric}
    assert scores
    assert min(scores) >= 1
    assert max(scores) <= 10


def test_the_teacher_solves_what_has_a_right_answer(catalogue: Catalogue) -> None:
    solved = {scenario.name for scenario in catalogue if scenario.solve_first}
    assert solved == GROUPS["exam_questions"] | GROUPS["code"] | {"data_analysis", "reading_comprehension"}
