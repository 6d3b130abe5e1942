"""How well `ungrounded` tells what critiques quote from what they make up, on GPT-4's critiques of single responses.

    python benchmarks/grounding.py [--read 30] [../shared/data/autoj_critiques.jsonl]

The critiques are mostly sound, so nearly all that they claim to quote should be found in their own prompt or response,
next to nothing in those of another row, and few critiques should be dropped. `--read` prints so many of the drops.
"""

import argparse
import json
from pathlib import Path
from random import Random
from typing import Any

from filters.quotes import claimed, holds, plain
from filters.ungrounded import Ungrounded
from synth.domain import JudgedPair, Message, Pair, PointwiseJudgment, Side

KINDS = ("critique_with_criteria", "critique_without_criteria", "combined_critique")
DATA = Path(__file__).parents[2] / "shared/data/autoj_critiques.jsonl"
GOALS = {"found in own texts": ">= 92%", "found in another row's": "<= 1%", "critiques dropped": "<= 10%"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path, default=DATA)
    parser.add_argument("--read", type=int, default=0, metavar="N", help="print N of the drops")
    options = parser.parse_args()
    if not options.path.exists():
        raise SystemExit(f"{options.path}: no such file; it is recorded data that does not come with the project")
    rows = [json.loads(line) for line in options.path.read_text(encoding="utf-8").splitlines()]
    by = Ungrounded()
    sources = [plain(f"{row['prompt']}\n{row['response']}") for row in rows]
    total: dict[str, list[int]] = {}
    drops = []
    for kind in KINDS:
        count = total[kind] = [0, 0, 0, 0, 0]
        for place, row in enumerate(rows):
            own, other = sources[place], sources[(place + 1) % len(rows)]
            for quote in claimed(row[kind]):
                count[0] += 1
                count[1] += holds(own, quote.text, by.similarity)
                count[2] += holds(other, quote.text, by.similarity)
            drop = by(judged(row, kind))
            count[3] += 1
            count[4] += drop is not None
            if drop:
                drops.append(f"{row['id']} {kind}\n  {drop.detail}\n  {context(row[kind], drop.detail)}")
    total["all"] = [sum(column) for column in zip(*total.values(), strict=True)]
    print(f"{'critiques':<28}{'quotes':>8}" + "".join(f"{name:>26}" for name in GOALS))
    for kind, (quotes, own_count, other_count, critiques, dropped) in total.items():
        shares = (
            f"{own_count / quotes:.1%}",
            f"{other_count / quotes:.1%}",
            f"{dropped / critiques:.1%} of {critiques}",
        )
        print(f"{kind:<28}{quotes:>8}" + "".join(f"{share:>26}" for share in shares))
    print(f"{'goal':<36}" + "".join(f"{goal:>26}" for goal in GOALS.values()))
    for text in Random(0).sample(drops, min(options.read, len(drops))):
        print(f"\n{text}")


def judged(row: dict[str, Any], kind: str) -> JudgedPair:
    """The critique as one of response a; there is no response b."""
    pair = Pair(row["id"], (Message("user", row["prompt"]),), row["response"], "", row["scenario"])
    return JudgedPair(pair, (PointwiseJudgment(Side.A, float(row["rating"]), row[kind]),))


def context(critique: str, detail: str) -> str:
    at = critique.find(detail.split('"', 1)[1].rstrip('"')[:40])
    return "... " + critique[max(0, at - 160) : at + 160].replace("\n", " ") + " ..."


if __name__ == "__main__":
    main()
