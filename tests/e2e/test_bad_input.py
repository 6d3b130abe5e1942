"""Bad input: one line, exit code 2, and no call. A bad endpoint: one cheap call, one line, exit code 1."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Done, Project, StandIn
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e


def assert_one_line(done: Done, code: int, *words: str) -> None:
    assert done.code == code, done.err
    lines = [line for line in done.err.splitlines() if line.startswith("judgemill: ")]
    assert len(lines) == 1, done.err
    assert "Traceback" not in done.err + done.out
    for word in words:
        assert word in lines[0]


Change = Callable[[Project], None]


def _set(section: str, **keys: object) -> Change:
    return lambda project: project.config.setdefault(section, {}).update(keys)


def _rows(text: str) -> Change:
    return lambda project: (project.path / "rows.jsonl").write_text(text) and None


GOOD = json.dumps(row(1)) + "\n"
BAD: dict[str, tuple[Change, tuple[str, ...]]] = {
    "unknown key": (_set("teacher", slotz=3), ("config.yaml:", "'teacher.slotz'", "did you mean 'slots'?")),
    "wrong type": (_set("teacher", slots="many"), ("config.yaml:", "teacher.slots", "'many'")),
    "unknown default scenario": (
        _set("scenarios", default="code_generatio"),
        ("config.yaml:", "scenarios.default", "did you mean 'code_generation'?"),
    ),
    "unknown scenario to choose": (
        _set("scenarios", default=None, among=["code", "plannin"]),
        ("config.yaml:", "scenarios.among.1", "'plannin'", "did you mean 'planning'?"),
    ),
    "scenario and group of one name": (
        _set("scenarios", default=None, among=["creative_writing"]),
        ("config.yaml:", "'creative_writing/creative_writing' or 'creative_writing/'"),
    ),
    "nothing to choose": (_set("scenarios", default=None, among=["others"]), ("config.yaml:", "`default: others`")),
    "unknown filter": (lambda project: project.config.update(filters=["malfromed"]), ("did you mean 'malformed'?",)),
    "unknown format": (_set("outputs", formats=["dpo"]), ("'dpo'", "one of pairs")),
    "unset key": (_set("teacher", api_key_env="NO_SUCH_KEY"), ("NO_SUCH_KEY", "export it")),
    "missing rows": (_set("data", path="nowhere.jsonl"), ("nowhere.jsonl", "no such file")),
    "empty rows": (_rows(""), ("rows.jsonl", "empty")),
    "absent column": (_set("data", columns={"prompt": "promt"}), ("'promt'", "did you mean 'prompt'?", "rows.jsonl:1")),
    "not JSON": (_rows(GOOD + "{oops\n"), ("rows.jsonl:2", "not JSON")),
    "duplicate ids": (_rows(GOOD + GOOD), ("rows.jsonl:2", "'row-1'", "rows.jsonl:1")),
    "unknown scenario": (
        _rows(json.dumps(row(1, scenario="math_reasonin")) + "\n"),
        ("rows.jsonl:1", "'math_reasonin'", "'math_reasoning'"),
    ),
    "nothing to judge": (
        _rows(json.dumps(row(1, response_a="x", response_b="x")) + "\n"),
        ("no pair to judge", "identical responses"),
    ),
    "missing model file": (_set("teacher", model="nowhere/model.gguf"), ("nowhere/model.gguf",)),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_no_call(name: str, project: Project, standin: StandIn) -> None:
    change, words = BAD[name]
    project.write_rows([row(1)])
    change(project)
    assert_one_line(project.run(), 2, *words)
    assert standin.count()["paid"] == 0
    assert not project.run_folder.exists()


def test_a_missing_config_is_one_line(project: Project) -> None:
    assert_one_line(project.command("run", "nowhere.yaml"), 2, "nowhere.yaml", "no such file")


def test_the_folder_of_another_config_is_left_alone(project: Project, standin: StandIn) -> None:
    project.write_rows([row(1)])
    assert project.run().code == 0
    before = {path: path.read_bytes() for path in project.run_folder.rglob("*") if path.is_file()}
    project.config["judging"] = {"scale": "1-5"}
    assert_one_line(project.run(), 2, "judging.scale was '1-10', is '1-5'", "--fresh")
    assert {path: path.read_bytes() for path in project.run_folder.rglob("*") if path.is_file()} == before
    assert standin.count()["paid"] == 4


def test_a_folder_of_somebody_else_is_left_alone(project: Project, standin: StandIn) -> None:
    project.write_rows([row(1)])
    project.run_folder.mkdir(parents=True)
    (project.run_folder / "thesis.txt").write_text("years of work")
    assert_one_line(project.run(), 2, "holds files but no run")
    assert [path.name for path in project.run_folder.iterdir()] == ["thesis.txt"]
    assert standin.count()["paid"] == 0


def test_an_unreachable_endpoint_is_found_by_one_call(project: Project) -> None:
    project.config["teacher"]["base_url"] = "http://127.0.0.1:9/v1"
    project.write_rows([row(number) for number in range(5)])
    assert_one_line(project.run(), 1, "cannot reach http://127.0.0.1:9/v1", "again to resume")


def test_a_wrong_key_is_found_by_one_call(project: Project, start_standin: Callable[..., StandIn]) -> None:
    standin = start_standin("--key", "right")
    project.config["teacher"] |= {"base_url": standin.base_url, "api_key_env": "A_KEY"}
    project.write_rows([row(number) for number in range(5)])
    assert_one_line(project.run(A_KEY="wrong"), 1, "401", "Incorrect API key")
    assert standin.count()["paid"] == 0
    assert project.run(A_KEY="right").code == 0, "the folder can be resumed"


def test_an_unknown_model_is_found_by_one_call(project: Project, standin: StandIn) -> None:
    project.config["teacher"]["model"] = "no-such-model"
    project.write_rows([row(1)])
    assert_one_line(project.run(), 1, "404", "no-such-model")
    assert standin.count()["paid"] == 0


def test_two_runs_in_one_folder_are_refused(project: Project, standin: StandIn, tmp_path: Path) -> None:
    standin.control(wait=5.0)
    project.config["teacher"]["slots"] = 1
    project.write_rows([row(1)])
    project.write_config()
    first = project.start("run", "config.yaml")
    while standin.count()["most_in_flight"] == 0:
        assert first.poll() is None
    assert_one_line(project.run(), 2, "another judgemill is running")
    standin.control(wait=0.0)
    first.communicate(timeout=60)
    assert first.returncode == 0
