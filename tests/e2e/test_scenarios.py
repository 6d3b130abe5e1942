"""`judgemill scenarios`: the commands as a person types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Done, Project, StandIn, journal
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_run import row

pytestmark = pytest.mark.e2e

ABOUT = "A customer wants money back for an order and has told why."


def new(project: Project, *arguments: str, about: str = ABOUT) -> Done:
    return project.command("scenarios", "new", "refund_request", "--about", about, *arguments)


def drafted(project: Project, *arguments: str, about: str = ABOUT) -> Done:
    project.write_config()
    return new(project, "--teacher", "config.yaml", *arguments, about=about)


def written(project: Project) -> Path:
    return project.path / "my_scenarios" / "refund_request.yaml"


def requests(project: Project) -> list[dict[str, Any]]:
    return [call["request"] for call in journal(project.path / "my_scenarios" / ".drafts")]


def test_our_own_scenarios_check_clean(project: Project) -> None:
    done = project.command("scenarios", "check")
    assert done.code == 0
    assert "63 files" in done.out
    assert "clean" in done.out


def test_check_prints_every_error_and_finding_and_exits_2(project: Project) -> None:
    new(project)
    text = written(project).read_text()
    (project.path / "my_scenarios" / "torn.yaml").write_text("name: [\n")
    written(project).write_text(text.replace("type: content", "type: tone").replace("draft: true", "drafd: true"))
    done = project.command("scenarios", "check", "my_scenarios")
    assert done.code == 2
    *lines, summary = done.out.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("my_scenarios/") for line in lines)
    assert "2 files" in summary
    assert "3 errors" in summary
    assert not done.err


def test_a_finding_is_silenced_in_its_file(project: Project) -> None:
    new(project)
    text = written(project).read_text().replace("Fails if the thing is missing", "That counts if the thing is missing")
    written(project).write_text(text)
    done = project.command("scenarios", "check", "my_scenarios/refund_request.yaml")
    assert done.code == 2
    assert "refund_request.yaml:13: no-negative-case: criterion 'example_met_or_not'" in done.out
    written(project).write_text(text + "silence: [no-negative-case, two-demands]\n")
    done = project.command("scenarios", "check", "my_scenarios/refund_request.yaml")
    assert done.code == 0, done.out
    assert "1 with a silenced rule" in done.out


def test_checking_nothing_is_an_error(project: Project) -> None:
    assert_one_line(project.command("scenarios", "check", "nowhere"), 2, "nowhere")


def test_a_draft_is_refused_by_run_until_a_person_takes_the_mark_out(project: Project, standin: StandIn) -> None:
    assert new(project, "--extends", "conversation").code == 0
    project.config["scenarios"] = {"folders": ["my_scenarios"]}
    project.write_rows([row(1, scenario="refund_request")])
    assert_one_line(project.run(), 2, "'refund_request'", "draft: true")
    assert standin.count()["paid"] == 0
    no_draft = written(project).read_text().replace("draft: true", "draft: false")
    written(project).write_text(no_draft)
    assert_one_line(project.run(), 2, "refund_request.yaml:7", "still says 'Replace this")
    written(project).write_text(no_draft.replace("Replace this by", "Holds"))
    assert project.run().code == 0


def test_show_tells_where_each_criterion_comes_from(project: Project) -> None:
    new(project, "--extends", "conversation")
    done = project.command("scenarios", "show", "refund_request", "--folder", "my_scenarios")
    assert "question_answered (basic, objective, from conversation)" in done.out
    assert "example_of_degree (style, subjective, from refund_request)" in done.out
    assert "refuses it until" in done.out


def test_show_knows_the_basic_sets(project: Project) -> None:
    done = project.command("scenarios", "show", "conversation")
    assert done.code == 0
    assert "question_answered" in done.out
    assert_one_line(project.command("scenarios", "show", "conversatio"), 2, "unknown scenario 'conversatio'")


def test_show_prompt_prints_the_messages_that_a_run_sends(project: Project) -> None:
    project.write_rows([row(1, scenario="writing_email")])
    assert project.run().code == 0
    sent = [call["request"] for call in journal(project.run_folder / "calls")]
    for protocol in ("pairwise", "pointwise"):
        done = project.command("scenarios", "show", "writing_email", "--prompt", "--protocol", protocol)
        head, _, schema = done.out.partition("[schema of the reply]\n")
        alike = [one for one in sent if one["schema"] == json.loads(schema)]
        assert len(alike) == 2
        assert all(f"[system]\n{one['messages'][0]['content']}\n\n[user]\n" in head for one in alike)
    assert_one_line(project.command("scenarios", "show", "nothing", "--prompt"), 2, "'nothing'")


def test_a_teacher_drafts_and_improves_its_draft(project: Project, standin: StandIn) -> None:
    rows = [row(1, scenario="refund_request"), row(2, prompt="long " * 400)]
    project.write_rows(rows)
    done = drafted(project, "--extends", "conversation", "--examples", "rows.jsonl")
    assert done.code == 0, done.err
    assert standin.count()["paid"] == 2
    text = written(project).read_text()
    assert "draft: true" in text
    assert "Drafted by stand-in (example rows: 2)." in text
    assert "Fails if no figure is named." in text
    assert "applies_when" not in text
    assert "1 file, 1 criterion: clean; 1 marked draft" in done.out
    first, second = requests(project)
    assert row(1)["response_a"] in first["messages"][1]["content"]
    assert "long [...]" in first["messages"][1]["content"]
    assert "question_answered" in first["messages"][1]["content"]
    assert "critique" not in first["schema"]["properties"]
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "user"]
    assert "asks for 'good' without a test" in second["messages"][3]["content"]
    assert second["schema"]["required"][0] == "critique"


def test_a_draft_is_not_paid_for_twice(project: Project, standin: StandIn) -> None:
    assert drafted(project).code == 0
    first = written(project).read_text()
    assert_one_line(drafted(project), 2, "exists already")
    written(project).unlink()
    assert drafted(project).code == 0
    assert written(project).read_text() == first
    assert standin.count()["paid"] == 2


def test_an_endpoint_without_schemas_drafts_too(project: Project, standin: StandIn) -> None:
    standin.control(no_schema=True)
    assert drafted(project).code == 0
    assert written(project).exists()


@pytest.mark.parametrize(
    ("mark", "paid", "words"),
    [
        ("[garbage]", 1, ("no JSON object",)),
        ("[cut]", 1, ("cut off at max_tokens",)),
        ("[twice]", 2, ("criterion 'amount_stated' stands twice",)),
    ],
)
def test_an_unusable_reply_is_one_error_and_no_file(
    mark: str, paid: int, words: tuple[str, ...], project: Project, standin: StandIn
) -> None:
    assert_one_line(drafted(project, about=f"{ABOUT} {mark}"), 1, "stand-in", *words)
    assert not written(project).exists()
    assert standin.count()["paid"] == paid
    assert_one_line(drafted(project, about=f"{ABOUT} {mark}"), 1, *words)
    assert standin.count()["paid"] == paid + 1, "what could not be used is asked for anew, the rest is not"


def test_an_unreachable_teacher_is_one_error(project: Project) -> None:
    project.config["teacher"]["base_url"] = "http://127.0.0.1:9/v1"
    assert_one_line(drafted(project), 1, "cannot reach http://127.0.0.1:9/v1")
    assert not written(project).exists()


def test_a_wrong_key_is_one_error(project: Project, start_standin: Callable[..., StandIn]) -> None:
    standin = start_standin("--key", "right")
    project.config["teacher"] |= {"base_url": standin.base_url, "api_key_env": "A_KEY"}
    project.write_config()
    done = project.command(
        "scenarios", "new", "refund_request", "--about", ABOUT, "--teacher", "config.yaml", A_KEY="wrong"
    )
    assert_one_line(done, 1, "401")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--teacher", "nowhere.yaml"), ("nowhere.yaml", "no such file")),
        (("--teacher", "config.yaml", "--examples", "nowhere.jsonl"), ("nowhere.jsonl", "no such file")),
        (("--examples", "rows.jsonl"), ("--teacher",)),
        (("--extends", "poems"), ("poems",)),
    ],
)
def test_bad_arguments_are_one_line_and_no_call(
    arguments: tuple[str, ...], words: tuple[str, ...], project: Project, standin: StandIn
) -> None:
    project.write_config()
    assert_one_line(new(project, *arguments), 2, *words)
    assert not written(project).exists()
    assert standin.count()["paid"] == 0


def test_a_config_that_names_the_folder_before_it_is_there_will_do(project: Project) -> None:
    project.config["scenarios"] = {"folders": ["my_scenarios"], "default": "refund_request"}
    assert drafted(project).code == 0


def test_the_embedded_model_is_not_asked_to_draft(project: Project) -> None:
    project.config["teacher"]["model"] = "local"
    assert_one_line(drafted(project), 2, "config.yaml", "too small")
    assert not (project.path / "my_scenarios").exists()
