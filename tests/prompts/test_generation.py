"""What a model is asked that writes a prompt, and the hash that tells when it changes."""

import shutil
from pathlib import Path

import pytest

from synth.prompts import TEMPLATES, generation
from synth.prompts.generation import Brief, generation_messages, templates_hash
from synth.run import manifest
from synth.scenario import load
from tests.prompts.test_snapshots import hashes


@pytest.mark.parametrize("changed", [path.name for path in sorted((TEMPLATES / "generate").iterdir())])
def test_a_changed_template_changes_its_hash_and_not_that_of_judging(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, judging = templates_hash(), hashes(load(), "others")
    copy = tmp_path / "prompts" / "templates"
    shutil.copytree(TEMPLATES, copy)
    shutil.copytree(TEMPLATES.parent.parent / "parsing" / "schemas", tmp_path / "parsing" / "schemas")
    monkeypatch.setattr(generation, "_FOLDER", copy / "generate")
    monkeypatch.setattr(manifest, "TEMPLATES", copy)
    assert templates_hash() == before
    path = copy / "generate" / changed
    path.write_text(path.read_text() + " ")
    assert templates_hash() != before
    assert hashes(load(), "others") == judging


def test_nothing_in_a_document_or_an_example_is_run_as_a_template() -> None:
    brief = Brief(load().get("planning"), domain="{{ domain }}")
    system, user = generation_messages(brief, [("tone", "{{ 1 + 1 }}")], document="{% raw %}", examples=["{{ x }}"])
    assert "{{ domain }}" in system.content
    for said in ("{{ 1 + 1 }}", "{% raw %}", "{{ x }}"):
        assert said in user.content


def test_what_is_not_given_leaves_no_trace() -> None:
    system, user = generation_messages(Brief(load().get("planning")), [])
    assert user.content == "Write the prompt. Reply with the JSON object."
    assert "characters" not in system.content
    assert "\n\n\n" not in system.content
