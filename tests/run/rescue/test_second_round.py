"""What a config's `rescue` comes to."""

from dataclasses import replace
from typing import Any

import pytest

from filters import chosen
from synth.config.model import Config
from synth.errors import ConfigError
from synth.run.rescue.second_round import asks_something_new, by, check_policy, first_counts, round_of, second_settings
from synth.run.round import Round
from synth.scenario import load
from tests.filters.judged import PAIR

OTHERS = load([]).get("others")


def made(first: dict[str, Any] | None = None, /, **rescue: Any) -> tuple[Config, Any]:
    values = {"name": "n", "data": {"path": "p"}, "teacher": {"model": "m", **(first or {})}, "rescue": rescue}
    config = Config.model_validate(values)
    return config, config.rescue


@pytest.mark.parametrize(
    ("rescue", "round", "counts", "said"),
    [
        ({"teacher": {"model": "big"}}, Round(2), False, "big"),
        ({"votes": 2}, Round(2, (1, 2)), True, "3 votes of m"),
        ({"teacher": {"model": "big"}, "votes": 3}, Round(2, (0, 1, 2)), False, "3 votes of big"),
        ({"teacher": {"parameters": {"temperature": 1}}, "votes": 2}, Round(2, (1, 2)), True, "3 votes of m"),
        ({"reference": True}, Round(2, solve_first=True), False, "m with its own answer first"),
        (
            {"reference": True, "votes": 3},
            Round(2, (0, 1, 2), solve_first=True),
            False,
            "3 votes of m with its own answer first",
        ),
    ],
    ids=str,
)
def test_who_is_asked_how_often_and_whether_the_first_counts(
    rescue: dict[str, Any], round: Round, counts: bool, said: str
) -> None:
    both = made(**rescue)
    assert (round_of(*both), first_counts(*both), by(*both)) == (round, counts, said)


def test_votes_are_drawn_and_a_temperature_of_zero_is_refused() -> None:
    assert second_settings(*made(votes=2)).parameters == {"temperature": 0.7}
    assert second_settings(*made({"model": "local"}, votes=2)).parameters == {"temperature": 0.7, "repeat_penalty": 1.1}
    assert second_settings(*made({"parameters": {}}, votes=2)).parameters == {}
    assert second_settings(*made(teacher={"model": "big"})).parameters is None
    with pytest.raises(ConfigError, match="at temperature 0 a model votes the same every time"):
        second_settings(*made({"parameters": {"temperature": 0}}, votes=2))


def test_an_answer_of_its_own_is_new_only_where_the_first_round_had_none() -> None:
    solving = replace(OTHERS, solve_first=True)
    shown = replace(PAIR, reference="It is one.")
    assert asks_something_new(*made(reference=True), PAIR, OTHERS)
    assert not asks_something_new(*made(reference=True), shown, OTHERS)
    assert not asks_something_new(*made(reference=True), PAIR, solving)
    assert not asks_something_new(*made(reference=True, teacher={"slots": 3}), PAIR, solving)
    assert asks_something_new(*made(reference=True, teacher={"model": "big"}), shown, OTHERS)
    assert asks_something_new(*made(reference=True, votes=3), PAIR, solving)


def test_the_policy_rescue_needs_a_rescue() -> None:
    filters = chosen(["inconsistent", {"order_unstable": {"policy": "rescue"}}])
    check_policy(filters, made(votes=2)[1])
    check_policy(chosen("default"), None)
    with pytest.raises(ConfigError, match="there is no section `rescue`; add `rescue: "):
        check_policy(filters, None)
    with pytest.raises(ConfigError, match="filtering makes no call; choose drop or tie"):
        check_policy(filters, None, finished=True)


def test_a_round_has_a_scenario_solved_first_and_leaves_the_first_as_it_is() -> None:
    assert Round(2, solve_first=True).scenario(OTHERS).solve_first
    assert Round().scenario(OTHERS) is OTHERS
