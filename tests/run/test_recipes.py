"""The recipes of prior systems as they are shipped, on the few rows that come along."""

from pathlib import Path

import pytest

from synth.run.plan import plan
from synth.run.prepare import prepare

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "recipes"
NAMES = ("auto-j", "flow-judge", "judgelm", "mt-bench", "pandalm", "prometheus", "prometheus-2")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "none is asked")


def test_there_is_one_for_each_system() -> None:
    assert tuple(sorted(path.stem for path in RECIPES.glob("*.yaml"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_recipe_can_be_planned_as_it_stands(name: str) -> None:
    path = RECIPES / f"{name}.yaml"
    assert prepare(path, {}).config.name == name
    planned = {stage.name.partition(",")[0]: stage.calls for stage in plan(path, {}).stages}
    assert planned["judging"]
    assert ("references" in planned) is (name not in ("auto-j", "flow-judge"))
    assert ("responding" in planned or "writing to targets" in planned) is (name not in ("auto-j", "mt-bench"))
