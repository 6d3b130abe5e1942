"""Looks for outside text that breaks the law of its reader: each fuzz target for a while, guided by coverage.

    python -m tests.fuzz [--seconds N] [TARGET ...]

What is found is printed with the way to make a test of it, and stays in build/fuzz/finds/; the exit code is then 1.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS, named

_FOLDER = ROOT / "build" / "fuzz"
_INPUT_SECONDS, _INPUT_BYTES = 5, 4096


def main() -> int:
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("targets", nargs="*", metavar="TARGET", help="; ".join(one.name for one in TARGETS))
    arguments.add_argument("--seconds", type=int, default=20, help="for each target (default: 20)")
    given = arguments.parse_args()
    if unknown := set(given.targets) - {one.name for one in TARGETS}:
        arguments.error(f"unknown target {min(unknown)!r}; one of {', '.join(one.name for one in TARGETS)}")
    chosen = [named(name) for name in given.targets] or TARGETS
    broken = [one.name for one in chosen if not _holds(one, given.seconds)]
    print(f"{len(chosen) - len(broken)} of {len(chosen)} laws held", *(["; broken:", ", ".join(broken)] * bool(broken)))
    return 1 if broken else 0


def _holds(target: Target, seconds: int) -> bool:
    slug = target.name.replace(" ", "-")
    finds = _FOLDER / "finds"
    finds.mkdir(parents=True, exist_ok=True)
    print(f"{target.name:<20}", end="", flush=True)
    began = time.time()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as scratch:  # libFuzzer ends without cleaning up
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.one", target.name, str(_FOLDER / slug)),
                *(f"-max_total_time={seconds}", f"-timeout={_INPUT_SECONDS}", f"-max_len={_INPUT_BYTES}"),
                *(f"-artifact_prefix={finds}/{slug}-", "-print_final_stats=1"),
            ],
            cwd=ROOT,
            env=os.environ | {"TMPDIR": scratch},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    print(f"{int(tried[1]) if tried else 0:>10,} inputs in {time.time() - began:.0f} s", flush=True)
    if done.returncode:
        _tell(target, done.stdout + done.stderr)
    return not done.returncode


def _tell(target: Target, said: str) -> None:
    print(f"  BROKEN: {target.law}")
    print("\n".join(f"  {line}" for line in _interesting(said)))
    if found := re.search(r"Test unit written to (\S+)", said):
        data = Path(found[1]).read_bytes()
        shown = repr(data) if len(data) <= 300 else f"the {len(data)} bytes of {found[1]}"
        print(f"  The input: {shown}\n  Mend it, and put it among the `finds` of this target, which tests go through.")


def _interesting(said: str) -> list[str]:
    """The traceback or, of an input that took too long, what libFuzzer says of it."""
    lines = said.splitlines()
    start = next((place for place, line in enumerate(lines) if "Uncaught Python" in line or "ALARM" in line), -20)
    return [line for line in lines[start:] if not line.startswith("#")][:25]


if __name__ == "__main__":
    sys.exit(main())
