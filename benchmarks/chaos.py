"""Thousands of calls to an endpoint that errs in every way at once: what was answered, and what became of the rest.

    python -m benchmarks.chaos [--calls 4000] [--share 0.6]

The claims are those of tests/e2e/test_chaos.py, at another size: the stand-in endpoint judges the same pairs when it is
well, on a bad day, and once it is well again. `share` of the calls of the bad day go wrong, tries after the first too.
The exit code is 1 where an answer is another than on a good day, or a row is lost.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, Project, StandIn
from tests.e2e.bad_day import BadDay, bad_day
from tests.standin.chaos import FAULTS

_ASKS_A_PAIR = 4
_PATIENCE = 3600


def main() -> int:
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--calls", type=int, default=4000, help="asks of the run (default: 4000)")
    arguments.add_argument("--share", type=float, default=0.6, help="of the calls that go wrong (default: 0.6)")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, _standin() as standin:
        teacher = {"model": "stand-in", "base_url": standin.base_url, "api_key_env": ""}
        config = {
            "name": "chaos",
            "data": {"path": "rows.jsonl"},
            "scenarios": {"default": "others"},
            "teacher": teacher,
        }
        day = bad_day(Project(Path(folder), config, _PATIENCE), standin, given.calls // _ASKS_A_PAIR, given.share)
    print(report(day))
    return 1 if day.other or day.lost or day.turned or day.unasked else 0


@contextmanager
def _standin() -> Iterator[StandIn]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.standin.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield StandIn(server.stdout.readline().strip())
        finally:
            server.kill()


def report(day: BadDay) -> str:
    calls = sum(day.faults.values())
    failed = ", ".join(f"{count:,} {reason}" for reason, count in sorted(day.failed.items())) or "none"
    return "\n".join(
        [
            f"{calls:,} calls for {day.asks:,} asks, {calls - day.faults.get('', 0):,} of which went wrong:",
            *(f"  {fault:<14}{day.faults.get(fault, 0):>7,}" for fault in FAULTS),
            f"asks, of {day.asks:,}:",
            f"  {'as on a good day':<34}{day.same:>7,}",
            f"  {'otherwise':<34}{day.other:>7,}",
            f"  {'nonsense that the schema allows':<34}{day.nonsense:>7,}",
            f"  {'without a judgment':<34}{sum(day.failed.values()):>7,}   {failed}",
            f"rows, of {day.rows:,}:",
            f"  {'kept':<34}{day.kept:>7,}",
            f"  {'with an ask that was spoiled':<34}{day.spoiled:>7,}",
            f"  {'others that ended otherwise':<34}{len(day.turned):>7,}",
            f"  {'neither kept nor dropped, or both':<34}{len(day.lost):>7,}",
            f"asks without an answer, asked again once the endpoint is well: {day.unasked:,} are still without",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
