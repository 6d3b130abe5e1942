"""How many recorded texts can be relabelled for the other order, and why the others are left alone.

    python -m benchmarks.relabelling [--read 20] [../shared/data]

Comparisons: what LLMBar's judges wrote about two outputs. Critiques: what GPT-4 wrote about one response (Auto-J),
which names no slot and must come back as it was.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from synth.exports.augment import Doubt, relabel

DATA = Path(__file__).parents[2] / "shared/data"
CRITIQUES = ("critique_with_criteria", "critique_without_criteria", "combined_critique")
LEAST = 100  # characters; shorter replies are a name alone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument(
        "--read", type=int, default=0, metavar="N", help="print N that were relabelled, N that were not"
    )
    options = parser.parse_args()
    if not options.folder.exists():
        raise SystemExit(f"{options.folder}: no such folder; recorded data does not come with the project")
    counts: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    made, left = [], []
    for kind, text, sources, compares in (*comparisons(options.folder), *critiques(options.folder)):
        after = relabel(text, sources, compares=compares)
        count = counts.setdefault(kind, Counter())
        count["texts"] += 1
        if isinstance(after, Doubt):
            count["in doubt"] += 1
            reasons[after.reason] += 1
            left.append(f"{kind}, {after.reason}: {after.found!r}\n  {around(text, after.found)}")
        elif after == text:
            count["unchanged"] += 1
        else:
            count["relabelled"] += 1
            made.append(f"{kind}\n  {text[:300]!r}\n  {after[:300]!r}")
    columns = ("texts", "relabelled", "unchanged", "in doubt")
    print(f"{'':<28}" + "".join(f"{name:>12}" for name in columns))
    for kind, count in counts.items():
        print(f"{kind:<28}" + "".join(f"{count[name]:>12}" for name in columns))
    for reason, number in reasons.most_common():
        print(f"  in doubt: {reason:<40}{number:>5}")
    for texts in (made, left):
        for text in Random(0).sample(texts, min(options.read, len(texts))):
            print(f"\n{text}")


def comparisons(folder: Path) -> Iterator[tuple[str, str, list[str], bool]]:
    pairs = {row["id"]: row for row in rows(folder / "llmbar_pairs.jsonl")}
    for row in rows(folder / "llmbar_verdicts.jsonl"):
        pair = pairs[row["id"]]
        sources = [pair["prompt"], pair["response_a"], pair["response_b"]]
        for name in ("reply_ab", "reply_ba"):
            if row["prompting"] in ("cot", "swap") and len(row.get(name) or "") >= LEAST:
                yield f"comparisons of {row['judge']}", row[name], sources, True


def critiques(folder: Path) -> Iterator[tuple[str, str, list[str], bool]]:
    for row in rows(folder / "autoj_critiques.jsonl"):
        for name in CRITIQUES:
            yield name, row[name], [row["prompt"], row["response"]], False


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def around(text: str, found: str) -> str:
    at = max(0, text.find(found[:12]))
    return "... " + text[max(0, at - 100) : at + 120].replace("\n", " ") + " ..."


if __name__ == "__main__":
    main()
