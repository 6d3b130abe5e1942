"""Which responses of a prompt are written to earn a score, and by which request."""

from pathlib import Path
from typing import Any

from synth.domain import Given, Message, PromptRow, Scale
from synth.pairing.response import Mark, Response
from synth.run.prepare import Prepared
from synth.run.responding.settings import asked, responders
from synth.run.responding.targeting import scores_on, targeted, without_scenario, written
from tests.run.responding.test_prepared import prepared, responder


def with_targets(folder: Path, **more: Any) -> Prepared:
    responses = {"per_prompt": 4, "models": [responder("a", 1), responder("b", 1)], "targets": {"per_prompt": 2}}
    return prepared(folder, responses=responses | more)


def row(*texts: str) -> PromptRow:
    return PromptRow("row", (Message("user", "q"),), tuple(Given(text) for text in texts))


def numbers(one: Prepared, of: PromptRow) -> tuple[list[int], list[int]]:
    who = responders(one.config)
    return [number for number, _ in asked(of, who, 0)], [each.number for each in targeted(one, who, of, "others", [])]


def test_targets_are_the_last_of_those_that_are_lacking(tmp_path: Path) -> None:
    one = with_targets(tmp_path)
    assert numbers(one, row()) == ([1, 2], [3, 4])
    assert numbers(one, row("x")) == ([2], [3, 4])
    assert numbers(one, row("x", "y", "z")) == ([], [4])
    assert numbers(one, row("x", "y", "z", "w")) == ([], [])


def test_the_first_of_the_models_writes_as_its_endpoint_says(tmp_path: Path) -> None:
    first = responder("a", 1) | {"temperature": [0.1, 0.9], "system": "Be brief.", "parameters": {"top_p": 0.5}}
    one = with_targets(tmp_path, models=[first, responder("b", 1)])
    (request, _) = [each.request for each in targeted(one, responders(one.config), row(), "others", [])]
    assert (request.model, request.parameters) == ("a", {"top_p": 0.5})
    assert "Be brief." not in request.messages[0][1]


def test_only_responses_that_can_be_used_say_how_long_it_is_to_be(tmp_path: Path) -> None:
    one = with_targets(tmp_path)
    before = [Response(1, "w " * 10), Response(2, "w " * 900, mark=Mark.TRUNCATED)]
    for each in targeted(one, responders(one.config), row(), "others", before):
        assert "It is about 10 words long." in each.request.messages[1][1]


def test_scores_go_over_to_the_scale_of_the_scenario(tmp_path: Path) -> None:
    named = with_targets(tmp_path, targets={"scores": [1, 2, 9]}).config.responses
    assert named is not None
    assert named.targets is not None
    assert scores_on(named.targets, Scale("1-10", 1, 10), Scale("1-10", 1, 10)) == [1, 2, 9]
    assert scores_on(named.targets, Scale("1-10", 1, 10), Scale("1-5", 1, 5)) == [1, 5]
    unnamed = named.targets.model_copy(update={"scores": None})
    assert scores_on(unnamed, Scale("1-10", 1, 10), Scale("binary", 0, 1)) == [0, 1]


def test_a_prompt_without_a_scenario_for_now_has_the_places_of_its_targets(tmp_path: Path) -> None:
    found = [one for one, _ in without_scenario(row("x"), responders(with_targets(tmp_path).config))]
    assert [(one.number, one.mark, one.target) for one in found] == [(3, Mark.FAILED, None), (4, Mark.FAILED, None)]


def test_what_says_how_it_was_made_makes_no_pair_unless_the_prompt_speaks_so(tmp_path: Path) -> None:
    one = with_targets(tmp_path)
    (target, _) = targeted(one, responders(one.config), row(), "others", [])
    assert written(target, row(), [], "Tea is hot.", "stop").mark is Mark.NONE
    assert written(target, row(), [], "Tea is hot.", "stop").target == target.score
    assert written(target, row(), [], "Sure, here is the revised version:\nTea is hot.", "stop").mark is Mark.NONE
    found = written(target, row(), [], "Tea is cold. (This answer earns a score of 3.)", "stop")
    assert (found.mark, found.detail) == (Mark.TELLING, "it says how it was made: earns a score")
    asks_so = PromptRow("row", (Message("user", "Which answer deserves a score of 3?"),))
    assert written(target, asks_so, [], "The second deserves a score of 3.", "stop").mark is Mark.NONE
