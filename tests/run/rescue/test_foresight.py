"""How many pairs will be asked about again: a stated share, until enough of them are judged to measure it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth.asking import request
from synth.domain import Pair, asks
from synth.errors import ConfigError
from synth.prompts import Manner
from synth.run.plan import Rescue, plan
from synth.run.plan_text import text
from synth.run.prepare import Prepared, prepare
from synth.run.rescue.foresight import ASSUMED_SHARE, Foresight
from synth.run.teacher import for_engine, terms
from synth.run.teacher import teacher as answering
from synth.teacher.call import Reply, Request
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.prices import Price
from tests.filters.judged import PAIR

MANNER = Manner()


def prepared(folder: Path, **changes: Any) -> Prepared:
    config: dict[str, Any] = {
        "name": "n",
        "data": {"path": "rows.jsonl"},
        "scenarios": {"default": "others"},
        "teacher": {"model": "small", "base_url": "http://localhost:1/v1", "api_key_env": ""},
        "judging": {"protocols": ["pairwise"]},
        "filters": "minimal",
        "rescue": {"teacher": {"model": "big"}},
        "outputs": {"folder": str(folder / "outputs")},
    }
    merged = {
        name: config.get(name, {}) | value if isinstance(value, dict) else value for name, value in changes.items()
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(config | merged))
    return prepare(path, {})


def foreseen(one: Prepared, pair: Pair, foresight: Foresight) -> int:
    """How many requests about a pair."""
    scenario, carried = one.catalogue.get(pair.scenario), terms(one)
    first = [(ask, request(pair, ask, scenario, MANNER, carried)) for ask in asks(tuple(one.config.judging.protocols))]
    return len(list(foresight.requests(pair, scenario, MANNER, first)))


def nothing(request: Request) -> None:
    """No reply is known."""


def reply(verdict: str) -> Reply:
    said = {"comparison": "So.", "critique_1": "x", "critique_2": "y", "score_1": 5, "score_2": 5, "verdict": verdict}
    return Reply(json.dumps(said), "stop", 10, 10)


def pair(number: int) -> Pair:
    return replace(PAIR, id=str(number), response_a=f"one {number}")


def test_without_replies_a_quarter_of_the_pairs_is_assumed(tmp_path: Path) -> None:
    one = prepared(tmp_path)
    foresight = Foresight(one, nothing)
    assert [foreseen(one, pair(number), foresight) for number in range(8)] == [0, 2, 0, 0, 0, 2, 0, 0]
    assert (foresight.share, foresight.measured) == (ASSUMED_SHARE, False)


def test_of_judged_pairs_it_is_known_and_the_share_is_that_of_enough_of_them(tmp_path: Path) -> None:
    one = prepared(tmp_path)
    journal = Journal(tmp_path / "calls")
    for number in range(20):
        for ask in asks(tuple(one.config.judging.protocols)):
            first = request(pair(number), ask, one.catalogue.get("others"), MANNER, terms(one))
            stands = "1" if str(ask.order) == "ab" else "2"
            journal.put(first, reply(stands if number % 2 else "1"))
    foresight = Foresight(one, journal.get)
    known = [foreseen(one, pair(number), foresight) for number in range(20)]
    assert known == [2, 0] * 10
    assert (foresight.judged, foresight.again, foresight.share) == (20, 10, 0.5)
    assert sum(foreseen(one, pair(number), foresight) for number in range(20, 30)) == 10


def test_votes_are_so_many_requests_and_a_config_without_rescue_foresees_none(tmp_path: Path) -> None:
    voting = prepared(tmp_path, rescue={"votes": 4, "teacher": None})
    assert sum(foreseen(voting, pair(number), Foresight(voting, nothing)) for number in range(4)) == 0
    foresight = Foresight(voting, nothing)
    assert sum(foreseen(voting, pair(number), foresight) for number in range(4)) == 2 * 4
    without = prepared(tmp_path, rescue=None)
    foresight = Foresight(without, nothing)
    assert sum(foreseen(without, pair(number), foresight) for number in range(4)) == 0


def test_a_plan_names_the_assumption_and_the_price_of_the_second_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"prompt": "q", "response_a": f"one {number}", "response_b": "two"} for number in range(8)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    second = {"model": "big", "prices": {"input": 5, "output": 50}}
    prepared(tmp_path, teacher={"prices": {"input": 1, "output": 10}}, rescue={"teacher": second}, budget_usd=5)
    made = plan(tmp_path / "config.yaml", {})
    assert [(stage.name, stage.calls) for stage in made.stages] == [("judging, pairwise", 16), ("rescue", 4)]
    first, rescue = (stage.cost_usd or 0 for stage in made.stages)
    assert rescue == pytest.approx(first * 4 / 16 * 5)
    assert isinstance(made.rescue, Rescue)
    said = text(made)
    assert "Rescue by big: of the others, 25% are assumed to be (a first look with --limit 20 measures it)." in said
    assert "Price of the rescue: 5 USD a million tokens of input, 50 of output." in said


def test_each_teacher_counts_the_calls_of_the_other_against_the_budget(tmp_path: Path) -> None:
    prices = {"input": 1, "output": 10}
    one = prepared(
        tmp_path,
        teacher={"prices": prices},
        rescue={"teacher": {"model": "big", "prices": {"input": 5, "output": 50}}},
        budget_usd=5,
    )
    assert one.second is not None
    for asked in (one, one.second):
        with answering(asked) as teacher:
            fields = for_engine(asked, teacher, tmp_path / "progress")
        assert fields["budget_usd"] == 5
        assert fields["journal"] == str(one.folder.calls.resolve())
        found = {name: Price.of(record).rates[0].input for name, record in fields["other_prices"].items()}
        assert found == {"small": 1, "big": 5}


def test_calls_of_one_model_at_two_prices_count_as_the_dearer(tmp_path: Path) -> None:
    """The journal says which model was asked, and not where."""
    one = prepared(
        tmp_path,
        teacher={"prices": {"input": 1, "output": 1}},
        rescue={"votes": 2, "teacher": {"prices": {"input": 2, "output": 2}}},
        budget_usd=1,
    )
    assert one.second is not None
    dearer = one.prices["small"]
    assert dearer == one.second.price != one.price
    for asked in (one, one.second):
        with answering(asked) as teacher:
            assert for_engine(asked, teacher, tmp_path / "progress")["other_prices"] == {"small": dearer.record()}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"teacher": {"prices": {"input": 1, "output": 1}}, "budget_usd": 1},
            "none is known for big at http://localhost:1/v1; add rescue.teacher.prices",
        ),
        (
            {"rescue": {"teacher": {"model": "big", "api_key_env": "NOT_SET"}}},
            "rescue.teacher.api_key_env: the environ",
        ),
        ({"rescue": {"teacher": {"model": "local", "mode": "batch"}}}, "rescue.teacher.mode: batch needs an endpoint"),
        ({"rescue": None, "filters": [{"order_unstable": {"policy": "rescue"}}]}, "there is no section `rescue`"),
    ],
    ids=str,
)
def test_what_would_fail_at_the_second_teacher_is_refused_before_the_first_is_asked(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        prepared(tmp_path, **changes)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_open_batch_is_left_to_the_teacher_that_can_pick_it_up(tmp_path: Path) -> None:
    one = prepared(tmp_path)
    calls = one.folder.calls
    one.folder.config.parent.mkdir(parents=True)
    Ledger(calls).intend("https://b.example/v1", "json_schema", ["0" * 64])
    one.folder.config.write_text(json.dumps(one.config.model_dump(mode="json")))
    second = {"model": "big", "base_url": "https://b.example/v1", "api_key_env": ""}
    prepared(tmp_path, rescue={"teacher": {**second, "mode": "batch"}})
    with pytest.raises(ConfigError, match="a batch of this run is open"):
        prepared(tmp_path, rescue={"teacher": second})
