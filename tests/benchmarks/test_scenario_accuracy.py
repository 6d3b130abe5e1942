"""The benchmark of scenario choices, against the stand-in, which chooses what a mark in the prompt says."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.scenario_accuracy import Answer, report
from synth.scenario import Catalogue, Scenario
from tests.conftest import ROOT, Done, Project, StandIn
from tests.e2e.test_run import row

CATALOGUE = Catalogue(
    {name: Scenario(name, group, "", ()) for name, group in {"tea": "hot", "soup": "hot", "others": "rest"}.items()}
)


def test_the_table_tells_accuracy_by_group_and_beside_the_commonest_label() -> None:
    answers = [
        Answer("tea", "tea"),
        Answer("tea", "soup"),
        Answer("tea", "soup"),
        Answer("soup", "others", readable=False),
        Answer("others", "others"),
    ]
    lines = report(answers, Counter(tea=30, soup=10, others=20), CATALOGUE, "m").splitlines()
    shown = [" ".join(line.split()) for line in lines]
    assert shown[1] == "m, all groups 2/5 40.0% 11.8% to 76.9%"
    assert shown[2].startswith("always the commonest label (tea) 30/60 50.0%")
    assert shown[4].startswith("hot 1/4 25.0%")
    assert shown[5].startswith("rest 1/1 100.0%")
    assert shown[7] == "1 of 5 left to others, of which 1 without a readable reply"
    assert shown[8:] == [
        "most common of 3 confusions (label -> choice):",
        "2 tea -> soup",
        "1 soup -> others",
    ]


def measured(project: Project, *arguments: str) -> Done:
    project.write_config()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scenario_accuracy", str(project.path / "config.yaml"), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.e2e
def test_labels_are_hidden_and_every_prompt_is_paid_for_once(
    project: Project, standin: StandIn, tmp_path: Path
) -> None:
    project.config["outputs"] = {"folder": str(tmp_path / "outputs")}
    project.config["scenarios"] = {"folders": ["nowhere"], "default": "others"}
    said = ["planning", "planning", "ranking", "no_such_scenario"]
    project.write_rows(
        [row(number, f"[scenario: {name}]", scenario="planning") for number, name in enumerate(said)]
        + [row(0, "[scenario: planning]", scenario="planning", id="again", response_a="Another.")]
    )
    data = ("--data", str(tmp_path / "rows.jsonl"))
    first = measured(project, *data, "--limit", "2")
    assert first.code == 0, first.err
    assert standin.count()["paid"] == 2
    every = measured(project, *data)
    assert every.code == 0, every.err
    assert standin.count()["paid"] == 4
    lines = [" ".join(line.split()) for line in every.out.splitlines()]
    assert any(line.startswith("stand-in, all groups 2/4 50.0%") for line in lines)
    assert any(line.startswith("general_communication 2/4") for line in lines)
    assert "1 planning -> ranking" in lines
    assert "1 of 4 left to others, of which 0 without a readable reply" in lines


@pytest.mark.e2e
def test_data_that_is_absent_is_said_and_nothing_is_asked(project: Project, standin: StandIn) -> None:
    done = measured(project, "--data", "nowhere.jsonl")
    assert done.code == 2
    assert done.err == "nowhere.jsonl is not there, so nothing was asked; --data names labelled rows elsewhere\n"
    assert standin.count()["paid"] == 0
