"""The steps in a pipeline of somebody else's, and what importing them leaves alone."""

import json
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.e2e
def test_the_steps_work_in_a_pipeline_of_somebody_else(standin: StandIn, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py", standin.base_url],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path / "hf"), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows = json.loads(done.stdout.splitlines()[-1])
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
    check = "import sys; before = sys.excepthook; import synth.engine; assert sys.excepthook is before"
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    check = (
        "import sys, synth.cli.main;"
        "heavy = {'distilabel', 'openai', 'datasets', 'pyarrow', 'pydantic', 'jinja2'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True, timeout=60)
