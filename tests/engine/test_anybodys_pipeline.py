"""The steps in a pipeline of somebody else's, and what importing them leaves alone."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, StandIn

SCRIPT = """
import json, sys
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from synth.engine import AskAboutPairs, Judge, TeacherLLM

def main():
    rows = [
        {"question": "Who?", "response_a": "No idea.", "response_b": "Ada. [good]"},
        {"question": "[garbage]", "response_a": "a", "response_b": "b"},
    ]
    with Pipeline(name="mine", cache_dir="cache") as pipeline:
        load = LoadDataFromDicts(data=rows, output_mappings={"question": "prompt"})
        asks = AskAboutPairs(input_batch_size=100)
        teacher = TeacherLLM(model="stand-in", base_url=sys.argv[1], journal="calls")
        judge = Judge(name="judge", llm=teacher, input_batch_size=1000)
        load >> asks >> judge
    result = pipeline.run(use_cache=False)
    print(json.dumps(result["default"]["train"].to_list()))

if __name__ == "__main__":
    main()
"""


CHOOSING = """
import json, sys
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from synth.engine import ChooseScenario, TeacherLLM

def main():
    rows = [
        {"prompt": "One. [scenario: planning]", "scenario": ""},
        {"prompt": "One. [scenario: planning]", "scenario": "chitchat"},
        {"prompt": "one.  [scenario: planning]", "scenario": ""},
        {"prompt": "Two. [scenario: ranking]", "scenario": ""},
        {"prompt": "[garbage]", "scenario": ""},
        {"prompt": "Given.", "scenario": "ranking"},
    ]
    with Pipeline(name="mine", cache_dir="cache") as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=5)
        teacher = TeacherLLM(model="stand-in", base_url=sys.argv[1], journal="calls")
        choose = ChooseScenario(name="choose", llm=teacher, among=["planning", "code"], input_batch_size=5)
        load >> choose
    result = pipeline.run(use_cache=False)
    print(json.dumps(result["default"]["train"].to_list()))

if __name__ == "__main__":
    main()
"""


def pipeline_of(script: str, standin: StandIn, folder: Path) -> list[dict[str, Any]]:
    (folder / "script.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "script.py", standin.base_url],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HF_HOME": str(folder / "hf"), "PATH": "", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.e2e
def test_rows_without_a_scenario_get_one_in_a_pipeline_of_somebody_else(standin: StandIn, tmp_path: Path) -> None:
    rows = pipeline_of(CHOOSING, standin, tmp_path)
    assert [row["scenario"] for row in rows] == ["planning", "chitchat", "planning", "others", "others", "ranking"]
    assert [row["scenario_failure"] for row in rows] == ["", "", "", "", "no JSON object in the reply", ""]
    assert [row["scenario_reason"] for row in rows][1:4] == ["", "It says [scenario: planning].", "Nothing tells."]
    assert {row["llm_choose_error"] for row in rows} == {""}
    assert standin.count()["paid"] == 3, "the second batch holds no row to ask about"


@pytest.mark.e2e
def test_the_steps_work_in_a_pipeline_of_somebody_else(standin: StandIn, tmp_path: Path) -> None:
    rows = pipeline_of(SCRIPT, standin, tmp_path)
    asked = {(row["prompt"], row["protocol"], row["order"] or row["response"]): row for row in rows}
    assert [row["protocol"] for row in rows] == ["pairwise"] * 4 + ["pointwise"] * 4, (
        "prompts that begin alike in a row"
    )
    assert [asked["Who?", "pairwise", order]["verdict"] for order in ("ab", "ba")] == ["b", "b"]
    assert asked["Who?", "pointwise", "a"]["score_a"] == 3
    assert asked["Who?", "pointwise", "b"]["score_b"] == 9
    unreadable = [row for row in rows if row["prompt"] == "[garbage]"]
    assert [row["failure"] for row in unreadable] == ["no JSON object in the reply"] * 4
    assert unreadable[0]["reply"] == "Both responses have their merits."
    assert standin.count()["paid"] == 8


def test_importing_the_steps_leaves_the_traceback_hook_alone() -> None:
    """distilabel's own prints the local variables of every frame, secrets included."""
    check = "import sys; before = sys.excepthook; from synth.engine import Judge; assert sys.excepthook is before"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    check = (
        "import sys, synth.cli.main;"
        "heavy = {'distilabel', 'openai', 'datasets', 'pyarrow', 'pydantic', 'jinja2'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)
