"""What the presets promise, on real recorded verdicts with gold labels, by the benchmark that prints it."""

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT, SHARED_DATA

ROW = re.compile(r"(ab alone|minimal|default|strict)\s+\d+\s+([\d.]+)%\s+([\d.]+)%.*\]\s+([\d.]+)%")


@pytest.mark.skipif(not SHARED_DATA.exists(), reason=f"{SHARED_DATA} is not there: recorded data of others")
@pytest.mark.parametrize(
    ("options", "right", "kept", "wrong_share"),
    [
        (["--prompting", "metrics_reference"], 94, 80, 2 / 3),
        (["--prompting", "vanilla"], 93.5, 76, 1 / 2),
        (["--prompting", "metrics, reference, both: majority", "--votes"], 95, 80, 2 / 3),
    ],
    ids=["metrics and reference", "plain", "votes"],
)
def test_default_keeps_most_pairs_and_few_wrong_labels(
    options: list[str], right: float, kept: float, wrong_share: float
) -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/label_accuracy.py", "--judge", "gpt-4", *options, str(SHARED_DATA)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = {name: tuple(map(float, numbers)) for name, *numbers in ROW.findall(done.stdout)}
    assert rows["default"][1] >= right
    assert rows["default"][0] >= kept
    assert rows["default"][2] <= rows["minimal"][2] * wrong_share
