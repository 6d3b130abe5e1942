"""The main job on the real embedded model: fetched, started, asked, gone."""

import psutil
import pytest

from tests.conftest import Project
from tests.e2e.test_run import row, table

pytestmark = [pytest.mark.e2e, pytest.mark.local_model]


def test_the_embedded_teacher_judges_a_pair(project: Project) -> None:
    project.config["teacher"] = {"model": "local"}
    project.config["judging"] = {"criteria": "own", "grade_criteria": False, "max_chars": 40}
    project.write_rows([row(1)])

    done = project.run()

    assert done.code == 0, done.err
    judgments = table(project.run_folder / "judgments.parquet")
    assert [one["failure"] for one in judgments] == [""] * 4, "the replies are held to the schema"
    assert {one["teacher"] for one in judgments} == {"SmolLM2-135M-Instruct.Q4_1"}
    assert {one["verdict"] for one in judgments[:2]} <= {"a", "b", "tie"}
    assert all(1 <= one["score_a"] <= 10 for one in judgments[:3])
    assert "135M" in done.out
    served = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [line for line in served if str(project.path) in " ".join(line)]
