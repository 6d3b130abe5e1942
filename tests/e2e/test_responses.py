"""Prompts without responses become judged pairs: models answer, two are chosen, both orders are judged."""

from typing import Any

import pytest

from tests.conftest import Project, StandIn
from tests.e2e.test_run import table

pytestmark = pytest.mark.e2e


def responder(standin: StandIn, model: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "base_url": standin.base_url, "api_key_env": "", **more}


def test_prompts_become_judged_pairs(project: Project, standin: StandIn) -> None:
    project.config["responses"] = {
        "per_prompt": 3,
        "models": [
            responder(standin, "qwen", temperature=[0.2, 0.9], system="Be brief."),
            responder(standin, "llama", prices={"input": 1, "output": 2}),
        ],
    }
    project.config["pairs"] = {"strategy": "different_models"}
    project.write_rows([{"id": str(n), "prompt": f"Question {n}"} for n in range(4)])
    done = project.run()
    assert done.code == 0, done.err
    print(done.out, done.err)
    for row in table(project.run_folder / "responses.parquet"):
        print(row)
    for row in table(project.run_folder / "pairs.parquet"):
        print(row)
    project.write_config()
    print(project.command("plan", "config.yaml"))
    assert False
