"""The prompts as they go out, word for word, and the hashes that tell when they change."""

import shutil
from pathlib import Path

import pytest

from synth.cli import scenario_text
from synth.config.model import Config
from synth.domain import Protocol
from synth.prompts import TEMPLATES
from synth.prompts.example import example_question
from synth.run import manifest
from synth.run.teacher import Teacher
from synth.scenario import Catalogue, load
from tests.conftest import ROOT

SCENARIOS = ("writing_email", "math_reasoning", "others")  # inherits, solves first, has all its criteria itself


@pytest.mark.parametrize("protocol", list(Protocol), ids=str)
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_prompt_is_as_it_was(name: str, protocol: Protocol) -> None:
    snapshot = Path(__file__).parent / "snapshots" / f"{name}-{protocol}.txt"
    now = scenario_text.question(example_question(load().get(name), protocol))
    command = f"judgemill scenarios show {name} --prompt --protocol {protocol} > {snapshot.relative_to(ROOT)}"
    assert now + "\n" == snapshot.read_text(), f"if the change is meant, every run's hashes change with it: {command}"


CONFIG = Config.model_validate({"name": "test", "data": {"path": "rows.jsonl"}, "teacher": {"model": "m"}})
TEA = """\
name: tea
definition: The user wants a cup of tea.
criteria:
  - {name: hot, type: content, objective: true, description: "Serves the tea hot. Fails if it is cold."}
"""


def hashes(catalogue: Catalogue, *names: str) -> dict[str, object]:
    return dict(manifest.describe(CONFIG, catalogue, names, Teacher("m", ("",), 1, {}, CONFIG.teacher))["hashes"])


def test_a_changed_criterion_changes_the_hash_of_its_scenario_and_no_other(tmp_path: Path) -> None:
    def with_tea(text: str) -> dict[str, object]:
        (tmp_path / "tea.yaml").write_text(text)
        return hashes(load([tmp_path]), "tea", "writing_email")

    before, after = with_tea(TEA), with_tea(TEA.replace("is cold", "is lukewarm"))
    assert before == with_tea(TEA)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"scenarios"}
    assert [name for name in before["scenarios"] if before["scenarios"][name] != after["scenarios"][name]] == ["tea"]  # type: ignore[index, attr-defined]


def test_a_changed_criterion_changes_the_hash_of_what_inherits_it(tmp_path: Path) -> None:
    (tmp_path / "green_tea.yaml").write_text(
        TEA.replace("tea\n", "green_tea\n", 1).replace("hot", "green") + "extends: [tea]\n"
    )

    def of_green_tea(text: str) -> object:
        (tmp_path / "tea.yaml").write_text(text)
        return hashes(load([tmp_path]), "green_tea")["scenarios"]

    assert of_green_tea(TEA) != of_green_tea(TEA.replace("is cold", "is lukewarm"))


@pytest.mark.parametrize("changed", [path.name for path in sorted(TEMPLATES.glob("*.jinja2"))])
def test_a_changed_template_changes_the_hash(changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = load()
    before = hashes(catalogue, "others")
    copy = tmp_path / "prompts" / "templates"
    shutil.copytree(TEMPLATES, copy)
    shutil.copytree(TEMPLATES.parent.parent / "parsing" / "schemas", tmp_path / "parsing" / "schemas")
    monkeypatch.setattr(manifest, "TEMPLATES", copy)
    assert hashes(catalogue, "others") == before
    (copy / changed).write_text((copy / changed).read_text() + " Be kind.")
    after = hashes(catalogue, "others")
    assert {key for key in before if before[key] != after[key]} == {"templates"}


def test_drafting_prompts_are_no_part_of_a_run() -> None:
    drafting = {path.name for path in (TEMPLATES / "draft").iterdir()}
    assert drafting == {"system.jinja2", "user.jinja2", "revise.jinja2", "reply.schema.json"}
    assert not drafting & {path.name for path in TEMPLATES.glob("*.jinja2")}
