"""How right the kept labels are, for each recorded teacher, way of prompting and preset, on LLMBar's gold labels.

    python benchmarks/label_accuracy.py [--judge gpt-4] [--prompting metrics_reference] [--votes] [../shared/data]

The recordings go through `judgemill import` and `judgemill filter` as files of anybody would: replies are parsed, each
prompting's rating twin (each response graded alone) is the pointwise protocol. `--votes` counts several promptings of
one judge as votes instead. No filter, preset or set of votes was made by looking at a gold label, with one exception:
that graders vote for the response they grade higher, instead of having their scores averaged, was chosen after both
were seen on these rows (three votes each, by majority: 95.0% right with 81.1% kept, against 93.8% with 85.2%).

Shares are of all pairs; intervals are Wilson's, 95%. Of Auto-J's data neither file applies: its pairs have no recorded
verdicts, its critiques no pairs.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from scipy.stats import binomtest

from synth.config.model import Imported
from synth.run import tables
from synth.run.again import filter_again
from synth.run.folder import RunFolder
from synth.run.recorded.importing import import_judgments

DATA = Path(__file__).parents[2] / "shared/data"
PRESETS = ("minimal", "default", "strict")
Recording = dict[str, dict[str, Any]]  # by pair

# Which promptings vote together, named before looking: those of one kind, and all there are.
VOTES: dict[str, tuple[Callable[[str], bool], Callable[[str], bool]]] = {
    "metrics, reference, both": (
        lambda name: name in ("metrics", "reference", "metrics_reference"),
        lambda name: name in ("rating_metrics", "rating_reference", "rating_metrics_reference"),
    ),
    "those, twin of both": (
        lambda name: name in ("metrics", "reference", "metrics_reference"),
        lambda name: name == "rating_metrics_reference",
    ),
    "both alone, ratings vote": (lambda name: name == "metrics_reference", lambda name: name.startswith("rating")),
    "all": (lambda name: not name.startswith("rating"), lambda name: name.startswith("rating")),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--judge", help="only this one")
    parser.add_argument("--prompting", help="only this one")
    parser.add_argument("--votes", action="store_true", help="several promptings of one judge as votes")
    options = parser.parse_args()
    for name in ("llmbar_pairs.jsonl", "llmbar_verdicts.jsonl"):
        if not (options.data / name).exists():
            raise SystemExit(f"{options.data / name}: no such file; it is recorded data that does not come along")
    pairs = [json.loads(line) for line in lines(options.data / "llmbar_pairs.jsonl")]
    recorded: dict[str, dict[str, Recording]] = {}
    for line in lines(options.data / "llmbar_verdicts.jsonl"):
        row = json.loads(line)
        recorded.setdefault(row["judge"], {}).setdefault(row["prompting"], {})[row["id"]] = row
    print(f"{len(pairs)} pairs; right: of the kept labels; wrong: of all pairs, kept with the wrong label\n")
    head = f"{'judge':<9}{'prompting':<36}{'graded alone':<27}{'':<11}{'n':>5}{'kept':>8}{'right':>8}"
    print(f"{head}  {'95%':<14}  {'wrong':>6}")
    for judge, promptings in recorded.items():
        if options.judge in (None, judge):
            for name, graded, compared, rule in wanted(promptings, options.votes):
                if options.prompting in (None, name):
                    show(judge, name, graded, pairs, {one: promptings[one] for one in (*compared, *graded)}, rule)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


Rule = Literal["majority", "unanimous"]


def wanted(promptings: Mapping[str, Recording], votes: bool) -> Iterator[tuple[str, list[str], list[str], Rule | None]]:
    """A name, the promptings that grade and that compare, and how votes are counted."""
    if not votes:
        for name in promptings:
            if not name.startswith("rating"):
                yield name, twin(name, promptings), [name], None
        return
    for name, (compares, grades) in VOTES.items():
        compared, graded = list(filter(compares, promptings)), list(filter(grades, promptings))
        rules: tuple[Rule, ...] = ("majority", "unanimous")
        for rule in rules:
            if max(len(compared), len(graded)) > 1 and compared:
                yield f"{name}: {rule}", graded, compared, rule


def twin(name: str, promptings: Mapping[str, Recording]) -> list[str]:
    """The prompting that grades by the same words: its namesake, else the plain one, which all have in common."""
    own = "rating" + {"vanilla": "", "vanilla_norules": "_norules"}.get(name, f"_{name}")
    return [one for one in (own, "rating") if one in promptings][:1]


def show(
    judge: str,
    name: str,
    graded: list[str],
    pairs: list[dict[str, Any]],
    recordings: dict[str, Recording],
    rule: Rule | None,
) -> None:
    beside = graded[0] if len(graded) == 1 else f"{len(graded)} ratings" if graded else "-"
    with TemporaryDirectory() as temporary:
        file = Path(temporary) / "recorded.jsonl"
        with file.open("w", encoding="utf-8") as out:
            for pair in pairs:
                row = {key: pair[key] for key in ("id", "prompt", "response_a", "response_b")}
                said = [
                    one for each in recordings.values() if pair["id"] in each for one in judgments(each[pair["id"]])
                ]
                out.write(json.dumps({**row, "human_label": pair["gold_label"], "judgments": said}) + "\n")
        how = Imported(reply_format="llmbar", votes=rule)
        run = RunFolder(import_judgments(file, folder=Path(temporary), name="run", preset="minimal", how=how).folder)
        rows = [*tables.read(run.kept), *tables.read(run.dropped)]
        line(judge, name, beside, "ab alone", [(row["verdict_ab"], row["human_label"]) for row in rows], len(pairs))
        for preset in PRESETS:
            filter_again(run.path, wanted=preset)
            kept = [(row["verdict"], row["human_label"]) for row in tables.read(run.kept)]
            line("", "", "", preset, kept, len(pairs))


def judgments(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What one prompting recorded of a pair, in the form that `judgemill import` reads."""
    if row["prompting"].startswith("rating"):
        alone = {"teacher": row["prompting"], "protocol": "pointwise"}
        return [{**alone, "response": side, "score": number(row[f"score_{side}"])} for side in "ab"]
    both = {"teacher": row["prompting"], "protocol": "pairwise"}
    return [{**both, "order": order, "reply": row[f"reply_{order}"] or ""} for order in ("ab", "ba")]


def number(recorded: Any) -> float | None:
    """Scores were recorded as the text that was found in a reply."""
    return float(recorded) if re.fullmatch(r"\d+(\.\d+)?", str(recorded)) else None


def line(judge: str, name: str, graded: str, what: str, labels: list[tuple[str, str]], total: int) -> None:
    """`labels` are what was kept and what is right; an empty one was not kept."""
    kept = [(label, gold) for label, gold in labels if label]
    right = sum(label == gold for label, gold in kept)
    low, high = binomtest(right, len(kept)).proportion_ci(method="wilson") if kept else (0.0, 1.0)
    share = f"{right / len(kept):.1%}" if kept else "-"
    print(
        f"{judge:<9}{name:<36}{graded:<27}{what:<11}{len(kept):>5}{len(kept) / total:>8.1%}{share:>8}"
        f"  [{low:.1%}, {high:.1%}]  {(len(kept) - right) / total:>6.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
