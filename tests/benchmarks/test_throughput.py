"""The benchmark of throughput: who cannot be measured is said so, and the others go on. No number is looked at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peers import Broken
from benchmarks.throughput import Contender, endpoint
from tests.conftest import ROOT


@pytest.mark.e2e
def test_a_peer_that_cannot_be_installed_is_said_so_in_the_row_and_the_others_go_on(tmp_path: Path) -> None:
    small = ["--only", "bare openai client", "--pairs", "1", "--slots", "4"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.throughput", "--peers", *small],
        cwd=ROOT,
        env={**os.environ, "JUDGEMILL_CACHE": str(tmp_path), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    head, row = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in done.stdout.splitlines()
        if line.startswith("|")
    )
    assert head == ["slots", "ideal", "bare openai client", "Curator", "Data Designer"]
    assert float(row[2]) > 0
    assert row[3].startswith("not installed: ERROR: No matching distribution found for bespokelabs-curator")
    assert row[4].startswith("not installed: ERROR: No matching distribution found for data-designer")


def test_a_contender_that_fails_or_leaves_out_a_prompt_is_not_measured(tmp_path: Path) -> None:
    contender = Contender("somebody")
    fails, asks_nothing = ["-c", "raise ValueError('at most 200 a minute')"], ["-c", "pass"]
    with endpoint(0) as address:
        with pytest.raises(Broken, match=r"^ended with 1: ValueError: at most 200 a minute$"):
            contender.measured(fails, address, tmp_path, prompts=4)
        with pytest.raises(Broken, match=r"^asked 0 of 4 prompts$"):
            contender.measured(asks_nothing, address, tmp_path, prompts=4)
