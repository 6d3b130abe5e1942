"""The page of a run, by the real command."""

import pytest

from tests.conftest import Project, StandIn
from tests.e2e.test_bad_input import assert_one_line
from tests.e2e.test_run import row
from tests.report.unpacking import examples

pytestmark = pytest.mark.e2e


def test_every_run_has_a_page_that_can_be_had_again_and_tells_no_secret(project: Project, standin: StandIn) -> None:
    project.config["teacher"] |= {"api_key_env": "MY_KEY", "prices": {"input": 1, "output": 4}}
    project.write_rows([row(1, human_label="a"), row(2, "Say hello [flip]."), row(3, response_a="x", response_b="x")])
    done = project.run(MY_KEY="sk-very-secret")
    assert done.code == 0, done.err
    assert "report.html" in done.out
    page, paid = project.run_folder / "report.html", standin.count()["paid"]
    before = page.read_bytes()
    html = before.decode()
    index, every = examples(html)
    assert sorted(index["id"]) == ["row-1", "row-2", "row-3"]
    assert "USD a thousand kept pairs" in html
    assert "agreement, both orders alike" in html
    for secret in ("sk-very-secret", "MY_KEY", standin.address):
        assert secret not in html + str(every)
    page.unlink()
    again = project.command("report", "outputs/test")
    assert (again.code, again.out) == (0, "outputs/test/report.html\n"), again.err
    assert page.read_bytes() == before
    assert standin.count()["paid"] == paid
    assert_one_line(project.command("report", "nowhere"), 2, "nowhere: holds no finished run")
