"""The examples of library use, as they are written, in processes of their own."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from synth import load, run
from tests.conftest import ROOT, StandIn

pytestmark = pytest.mark.e2e


def example(name: str, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "library" / f"{name}.py"), *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HF_HOME": str(folder / "hf")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_run_is_made_and_read_and_found_again(
    standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = example("run_and_read", tmp_path, standin.base_url)
    assert "calls to make: 24" in said
    assert standin.count()["paid"] == 24
    done = load(tmp_path / "outputs" / "library")
    kept = sum(1 for _ in done.kept())
    assert kept + sum(1 for _ in done.dropped()) == done.manifest["counts"]["judged"] == 6

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the engine, a process of its own
    with ThreadPoolExecutor(1) as pool:  # where no signal can be handled
        again = pool.submit(run, done.folder / "config.yaml").result()
    assert list(again.kept()) == list(done.kept())

    assert standin.count()["paid"] == 24, "nothing was paid for twice"


def test_the_steps_stand_between_those_of_others(standin: StandIn, tmp_path: Path) -> None:
    said = example("own_pipeline", tmp_path, standin.base_url).splitlines()
    rows = [json.loads(line) for line in said if line.startswith("{")]  # distilabel logs to stdout
    assert [row["protocol"] for row in rows] == ["pairwise"] * 4 + ["pointwise"] * 4
    assert {row["verdict"] for row in rows[:4]} == {"tie"}
    assert {row["failure"] for row in rows} == {""}
    assert standin.count()["paid"] == 8
