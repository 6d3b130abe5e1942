"""Each recipe of a prior system makes data from a few rows, and what it exports is read by that system's own rules."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from synth import yaml_file
from synth.domain import PairwiseJudgment, ParseFailure
from synth.exports import format_named
from tests.conftest import ROOT, Project, StandIn
from tests.e2e.test_run import table
from tests.words import words

pytestmark = pytest.mark.e2e

RECIPES = ROOT / "examples" / "recipes"
SUBJECTS = ("rain on tin roofs", "a bakery at four", "lost umbrellas", "how bees vote", "ferry timetables", "old maps")


def votes() -> list[dict[str, Any]]:
    """What people said of two answers each; the first two votes are not what the stand-in will say."""
    good, bad = "One about {}, [good].", "Another on {}."
    return [
        {"prompt": f"Tell me of {subject}, {words(subject)}.", "human_label": "ab"[at % 2] if at > 1 else "ba"[at % 2]}
        | {"response_a": (good, bad)[at % 2].format(subject), "response_b": (bad, good)[at % 2].format(subject)}
        for at, subject in enumerate(SUBJECTS)
    ]


def prompts(name: str) -> list[dict[str, Any]]:
    """Every second model that is listed writes the better answers; scenarios take turns where the recipe has some."""
    kinds = sorted(path.stem for path in (RECIPES / "scenarios" / name.removesuffix("-2")).glob("*.yaml")) or ["others"]
    return [
        {"prompt": f"Tell me of {subject}, {words(subject)}. {_told(name, at)}", "scenario": kinds[at % len(kinds)]}
        for at, subject in enumerate((*SUBJECTS, "a spare key", "night trains", "the first snow", "cold soup"))
    ]


def _told(name: str, at: int) -> str:
    models = [one["model"] for one in yaml_file.read(RECIPES / f"{name}.yaml").get("responses", {}).get("models", [])]
    said = (f"[[{model}: {'[good] ' * (number % 2)}{words(f'{model}{at}')}.]]" for number, model in enumerate(models))
    return " ".join(said)


def pointed_at(section: Any, base_url: str) -> Any:
    """Every model of a config at the stand-in."""
    if isinstance(section, list):
        return [pointed_at(one, base_url) for one in section]
    if not isinstance(section, dict):
        return section
    found = {key: pointed_at(value, base_url) for key, value in section.items()}
    is_model = isinstance(found.get("model"), str)
    return found | ({"base_url": base_url, "api_key_env": ""} if is_model else {})


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.yaml")))
def test_a_recipe_makes_data_that_its_system_can_read(name: str, project: Project, standin: StandIn) -> None:
    shutil.copytree(RECIPES, project.path, dirs_exist_ok=True)
    config = yaml_file.read(RECIPES / f"{name}.yaml")
    project.config = pointed_at(config, standin.base_url) | {"data": {**config["data"], "path": "rows.jsonl"}}
    project.write_rows(prompts(name) if "responses" in config else votes())

    done = project.run()

    assert done.code == 0, done.err + done.out
    assert table(project.run_folder / "kept.parquet"), done.out
    for form in map(format_named, config["outputs"]["formats"]):
        written = [
            row for part in sorted((project.run_folder / "dataset" / form.name).glob("*.jsonl")) for row in rows(part)
        ]
        assert written, f"{form.name}: {json.loads((project.run_folder / 'manifest.json').read_text())['left_out']}"
        assert all(list(row) == form.schema.names for row in written)
        read = [form.read(row) for row in written]
        assert not [one for one in read if isinstance(one, ParseFailure)]
        told_apart = {one.verdict if isinstance(one, PairwiseJudgment) else one.score for one in read}  # type: ignore[union-attr]
        assert len(told_apart) > 1, f"{form.name} teaches one answer to everything"
    _has_its_own(name, project)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _has_its_own(name: str, project: Project) -> None:
    """What sets the recipe apart from the others."""
    manifest = json.loads((project.run_folder / "manifest.json").read_text())
    dropped = {one["reason"] for one in table(project.run_folder / "dropped.parquet")}
    pairs = table(project.run_folder / "pairs.parquet")
    match name:
        case "mt-bench":
            assert manifest["references"]["by"] == "teacher"
        case "pandalm":
            assert {one["reference_source"] for one in pairs} == {"teacher"}
            assert all(one["model_a"] != one["model_b"] for one in pairs)
        case "judgelm":
            assert {one["reference_source"] for one in pairs} == {"majority 5 of 5"}
            assert {"swap", "no-reference"} <= set(manifest["augmented"])
        case "auto-j":
            assert "another verdict than the person's" in dropped
        case "prometheus" | "prometheus-2":
            assert manifest["exported"]["feedback-collection"]["unseen"]
            assert {one["target_a"] for one in pairs} == {1, 2, 3, 4, 5}
        case "flow-judge":
            kept = rows(project.run_folder / "dataset" / "flow-judge" / "train.jsonl")
            assert {len(one["rubric"]) for one in kept} == {2, 5}
            assert {
                len(one["rubric"]) for one in rows(project.run_folder / "dataset" / "flow-judge" / "unseen.jsonl")
            } == {3}
