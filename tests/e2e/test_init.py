"""`judgemill init` as a user runs it."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT, Project
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e


def test_a_config_from_options_is_run_as_it_is(project: Project) -> None:
    project.write_rows([row(1), row(2)])
    teacher = project.config["teacher"]
    made = project.command(
        "init", "my.yaml", "--for", "publish", "--data", "rows.jsonl", "--license", "cc-by-4.0",
        "--model", "stand-in", "--base-url", teacher["base_url"], "--api-key-env", "",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert "judgemill run my.yaml" in made.out

    done = project.command("run", "my.yaml")

    assert done.code == 0, done.err
    assert "\nlicense: cc-by-4.0\n" in (project.path / "outputs" / "my" / "README.md").read_text()


def test_at_a_terminal_it_asks_for_what_no_option_says(project: Project) -> None:
    project.write_rows([{"question": "Why is the sky blue?"}])
    done = subprocess.run(
        [sys.executable, "-m", "synth.cli.main", "init", "my.yaml", "--ask", "--model", "local"],
        cwd=project.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        input="preferences\nrows.jsonl\nlocal\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "'question' is taken for prompt" in done.stdout
    assert "columns: {prompt: question}" in (project.path / "my.yaml").read_text()


def test_a_file_that_is_there_stays(project: Project) -> None:
    project.write_rows([row(1)])
    (project.path / "my.yaml").write_text("mine")
    done = project.command("init", "my.yaml", "--data", "rows.jsonl")
    assert_one_line(done, 2, "my.yaml: is there already", "--force")
    assert (project.path / "my.yaml").read_text() == "mine"


def test_rows_without_a_prompt_are_refused_with_their_columns(project: Project) -> None:
    project.write_rows([{"text": "Why?", "lang": "en"}])
    done = project.command("init", "my.yaml", "--data", "rows.jsonl")
    assert_one_line(done, 2, "rows.jsonl:1", "text, lang", "data.columns")
    assert not (project.path / "my.yaml").exists()


def test_without_a_terminal_the_missing_option_is_named(project: Project) -> None:
    done = project.command("init")
    assert_one_line(done, 2, "--data or --domain is missing")
