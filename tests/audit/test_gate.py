"""The gate on what real judges said of pairs with an objective label (LLMBar), and on what nobody could measure."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from synth.audit.agreement import agreement, asked_once, cohens_kappa
from synth.audit.gate import gate
from synth.audit.intervals import Estimate
from synth.audit.report import audit
from synth.config.model import Audit
from synth.domain import (
    Ask,
    Failure,
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.errors import BarError
from tests.conftest import SHARED_DATA

BAR = 0.75
PROMPTINGS = {"vanilla": "rating", "metrics": "rating", "reference": "rating", "vanilla_norules": "rating_norules"}


def recorded(judge: str, prompting: str) -> Iterator[JudgedPair]:
    """The recorded verdicts of both orders, with the grades of a rating prompting where the judge has one."""
    said = SHARED_DATA / "llmbar_verdicts.jsonl"
    if not said.exists():
        pytest.skip(f"the recorded verdicts are not here: {said}")
    with (SHARED_DATA / "llmbar_pairs.jsonl").open() as lines:
        pairs = {row["id"]: row for row in map(json.loads, lines)}
    with said.open() as lines:
        of_judge = [row for row in map(json.loads, lines) if row["judge"] == judge]
    ratings = {row["id"]: row for row in of_judge if row["prompting"] == PROMPTINGS[prompting]}
    for row in of_judge:
        if row["prompting"] != prompting:
            continue
        pair, graded = pairs[row["id"]], ratings[row["id"]]
        verdicts = {order: row[f"verdict_{order}"] for order in Order}
        comparisons = [PairwiseJudgment(order, Verdict(said)) for order, said in verdicts.items() if said]
        unread = [Failure(Ask(Protocol.PAIRWISE, order), "unreadable", "") for order in Order if not verdicts[order]]
        scores = {side: graded[f"score_{side}"] for side in Side}
        grades = [PointwiseJudgment(side, float(score)) for side, score in scores.items() if score]
        yield JudgedPair(
            Pair(
                pair["id"],
                (Message("user", pair["prompt"]),),
                pair["response_a"],
                pair["response_b"],
                "others",
                human_label=Verdict(pair["gold_label"]),
            ),
            (*comparisons, *grades),
            tuple(unread),
        )


@pytest.mark.parametrize("prompting", PROMPTINGS)
def test_chatgpts_recordings_are_refused(prompting: str) -> None:
    found = audit(recorded("chatgpt", prompting)).agreement["agreement"]

    with pytest.raises(BarError, match="below the bar") as refused:
        gate(found, BAR, "agreement", "name another teacher")

    assert refused.value.exit_code == 3
    assert str(found) in str(refused.value)


@pytest.mark.parametrize("prompting", ["vanilla", "metrics", "reference"])
def test_gpt_4s_recordings_are_let_through(prompting: str) -> None:
    report = audit(recorded("gpt-4", prompting))

    gate(report.agreement["agreement"], BAR, "agreement", "name another teacher")
    assert report.labelled == 419


def test_the_first_numbers_of_the_recordings_are_the_published_ones() -> None:
    """GPT-4, plain with rules: 87.1% right where both orders agree, which is 92.8% of the pairs."""
    found = audit(recorded("gpt-4", "vanilla")).agreement

    assert (round(found["agreement"].value or 0, 3), round(found["consistency"].value or 0, 3)) == (0.871, 0.928)
    assert found["strict_agreement"] == found["agreement_flips_as_ties"], "nobody's label is a tie here"


def test_the_lower_bound_has_to_reach_the_bar() -> None:
    gate(Estimate(0.9, 0.75, 0.95, 40), BAR, "agreement", "go on")
    with pytest.raises(BarError, match="may be below the bar, more labels would tell"):
        gate(Estimate(0.9, 0.74, 0.95, 40), BAR, "agreement", "go on")


def test_what_cannot_be_measured_does_not_pass() -> None:
    with pytest.raises(BarError, match=r"cannot be measured \(n 0\)"):
        gate(Estimate(None, None, None, 0), BAR, "agreement", "go on")


def test_every_measure_that_a_config_can_name_is_measured() -> None:
    report = audit([])

    for measure in Audit.model_json_schema()["properties"]["measure"]["enum"]:
        assert measure in report.agreement


@pytest.mark.parametrize("labels", [2, 5, 10])
def test_a_few_labels_that_all_agree_let_nobody_through(labels: int) -> None:
    human = np.array([1.0, -1.0, *[1.0] * (labels - 2)])
    for found in (agreement(human, human), asked_once(human, human, human), cohens_kappa(human, human)):
        assert found.value == 1
        with pytest.raises(BarError, match="it may be below the bar, more labels would tell"):
            gate(found, BAR, "agreement", "label more pairs")


def test_many_labels_that_all_agree_do() -> None:
    human = np.array([1.0, -1.0, 0.0] * 20)
    for found in (agreement(human, human), cohens_kappa(human, human)):
        gate(found, BAR, "agreement", "label more pairs")
