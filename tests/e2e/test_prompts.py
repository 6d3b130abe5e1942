"""Prompts are looked at, held to quotas and written anew, before anybody answers or judges them."""

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from synth.promptset.alike import Taken, sketch
from synth.rows import columns
from tests.conftest import Project, StandIn, journal
from tests.e2e.test_responses import asked_of, left_to_ask, responder
from tests.e2e.test_run import table
from tests.words import words

pytestmark = pytest.mark.e2e

SCENARIOS = ["code_generation", "planning"]


def generating(project: Project, standin: StandIn, **generate: Any) -> None:
    del project.config["data"]
    project.config["scenarios"] = {"among": SCENARIOS}
    project.config["prompts"] = {"generate": generate}
    project.config["responses"] = {"models": [responder(standin, "qwen"), responder(standin, "llama")]}


def manifest(project: Project) -> dict[str, Any]:
    return dict(json.loads((project.run_folder / "manifest.json").read_text()))


def test_prompts_are_written_from_a_description_alone_and_those_that_are_alike_are_refused(
    project: Project, standin: StandIn
) -> None:
    generating(
        project,
        standin,
        per_scenario=4,
        domain="A tea shop's web site.",
        examples=["How long does green tea keep?"],
        attributes={"topic": ["black tea", "[again]"], "tone": [], "surprise": ["[always]", "no", "none", "[garbage]"]},
        model={"model": "writer", "prices": {"input": 3, "output": 3}},
    )
    (project.path / "docs").mkdir()
    (project.path / "docs" / "leaflet.md").write_text("Oolong is half oxidised.\n\nKeep it dry.")
    project.config["prompts"]["generate"]["documents"] = "docs"
    project.config["teacher"]["prices"] = {"input": 1, "output": 1}
    assert left_to_ask(project)[0] == ("writing prompts", 8, 0)

    done = project.run()

    assert done.code == 0, done.err
    tries = table(project.run_folder / "prompts.parquet")
    taken = [row for row in tries if not row["refused"]]
    print(done.out, done.err, json.dumps(tries, indent=1)[:6000])
    assert 0
