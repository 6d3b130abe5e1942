"""Judges the quickstart's pairs from Python, and reads what came of them.

    python examples/library/run_and_read.py BASE_URL [MODEL]

BASE_URL is an OpenAI-compatible endpoint without a key, as https://gpu.example.org/v1. The run is in outputs/library/.
"""

import sys
from collections import Counter
from pathlib import Path

from synth import RunError, plan, run

PAIRS = Path(__file__).resolve().parent.parent / "quickstart" / "pairs.jsonl"


def main(base_url: str, model: str = "my-model") -> None:
    config = {
        "name": "library",
        "data": {"path": str(PAIRS), "limit": 6},
        "teacher": {"model": model, "base_url": base_url, "api_key_env": ""},
        "outputs": {"formats": ["pairs", "preference"]},
    }
    print("calls to make:", sum(stage.calls for stage in plan(config).stages))
    try:
        done = run(config)
    except RunError as error:  # what was answered is on disk: running again asks for the rest
        sys.exit(f"{error}; run it again to resume")

    print("verdicts:", dict(Counter(str(judged.verdict) for judged in done.kept())))
    print("dropped:", dict(Counter(f"{row.why.filter}: {row.why.reason}" for row in done.dropped())))
    print("first kept:", next((judged.pair.id for judged in done.kept()), "none"))
    print("exported:", done.manifest["exported"])
    print("to read:", done.report)


if __name__ == "__main__":
    main(*sys.argv[1:])
