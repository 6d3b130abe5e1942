"""How often a teacher chooses the scenario that people gave a prompt.

    python -m benchmarks.scenario_accuracy CONFIG [--limit N] [--data FILE]

CONFIG is a run's; its `teacher:`, `judging: {max_chars}` and `outputs: {folder}` are used. The prompts are those of
Auto-J's test set with their labels hidden, in an order that is drawn once: a larger limit asks about the same ones and
more. Calls are made as in a run and journalled in <folder>/scenario-accuracy-<model>/, so that none is paid for twice.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from scipy.stats import binomtest

from synth.domain import Pair
from synth.errors import ConfigError, JudgemillError
from synth.rows.pairs import SetAside, pairs, prompt_key
from synth.rows.read import read
from synth.run import tables
from synth.run.choosing import How, choose
from synth.run.engine import Engine
from synth.run.prepare import Prepared, prepare
from synth.run.teacher import teacher
from synth.scenario import Catalogue

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "autoj_pairs.jsonl"
_ALL_58 = {"folders": [], "default": None, "among": []}
_CONFUSIONS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What people called a prompt, and what the teacher did. `readable` is False where it said nothing of use."""

    label: str
    chosen: str
    readable: bool = True

    @property
    def right(self) -> bool:
        return self.label == self.chosen


def main() -> int:
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("config", type=Path, help="a run's config, of which the teacher is asked")
    arguments.add_argument("--limit", type=int, help="ask about so many prompts only")
    arguments.add_argument("--data", type=Path, default=DATA, help="rows with prompt and scenario (default: Auto-J's)")
    given = arguments.parse_args()
    if not given.data.exists():
        print(f"{given.data} is not there, so nothing was asked; --data names labelled rows elsewhere", file=sys.stderr)
        return 2
    try:
        print(report(*_measured(given.config, given.data, given.limit)))
    except JudgemillError as error:
        print(f"scenario_accuracy: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _measured(config: Path, data: Path, limit: int | None) -> tuple[list[Answer], Counter[str], Catalogue, str]:
    overrides = {"data": {"path": str(data.resolve()), "columns": {}, "limit": None}, "scenarios": _ALL_58}
    model = prepare(config, overrides, "scenario-accuracy", fresh=True).config.teacher.model
    prepared = prepare(config, overrides, f"scenario-accuracy-{re.sub(r'[^A-Za-z0-9]+', '-', model)}", fresh=True)
    labelled = list(_labelled(prepared, data))
    random.Random(0).shuffle(labelled)
    asked = labelled[:limit]
    chosen = _choose(prepared, asked)
    answers = [
        Answer(pair.scenario, row["scenario"], row["how"] == How.CHOSEN)
        for pair, row in zip(asked, chosen, strict=True)
    ]
    return answers, Counter(pair.scenario for pair in labelled), prepared.catalogue, model


def _labelled(prepared: Prepared, data: Path) -> Iterator[Pair]:
    """The first pair of each prompt that has a label."""
    seen: set[str] = set()
    for one in pairs(read(str(data), Path(), "train"), {}, prepared.catalogue, skip_bad_rows=False):
        if not isinstance(one, SetAside) and one.scenario and (key := prompt_key(one.prompt)) not in seen:
            seen.add(key)
            yield one
    if not seen:
        raise ConfigError(f"{data}: no row has a scenario to compare with")


def _choose(prepared: Prepared, asked: Sequence[Pair]) -> list[dict[str, str]]:
    folder = prepared.folder
    with folder.claimed():
        rmtree(folder.work, ignore_errors=True)
        folder.work.mkdir()
        hidden = ({**tables.pair_row(pair), "scenario": ""} for pair in asked)
        tables.write(folder.pairs, tables.PAIRS, hidden)
        with Engine() as engine, teacher(prepared) as answering:
            calls = choose(prepared, answering, engine, quiet=False).calls
        print(f"{calls.answered} calls made, {calls.reused} taken from {folder.calls}", file=sys.stderr)
        return list(tables.read(folder.scenarios))


def report(answers: Sequence[Answer], labels: Counter[str], catalogue: Catalogue, model: str) -> str:
    """`labels` are all that the data has, of which the commonest is what a chooser without eyes would say."""
    commonest, count = labels.most_common(1)[0]
    wrong = Counter((one.label, one.chosen) for one in answers if not one.right)
    unreadable = sum(not one.readable for one in answers)
    uncertain = sum(one.chosen == "others" and one.label != "others" for one in answers)
    lines = [
        f"{'scenario chosen as labelled':<44}{'right':>12}  {'accuracy':>8}  95% interval (Wilson)",
        _line(f"{model}, all groups", sum(one.right for one in answers), len(answers)),
        _line(f"always the commonest label ({commonest})", count, labels.total()),
        "",
    ]
    for group in dict.fromkeys(scenario.group for scenario in catalogue):
        of_group = [one.right for one in answers if catalogue.get(one.label).group == group]
        if of_group:
            lines.append(_line(f"  {group}", sum(of_group), len(of_group)))
    lines += ["", f"{uncertain} of {len(answers)} left to others, of which {unreadable} without a readable reply"]
    if wrong:
        lines += [f"most common of {wrong.total()} confusions (label -> choice):"]
        lines += [f"  {times:>3}  {label} -> {choice}" for (label, choice), times in wrong.most_common(_CONFUSIONS)]
    return "\n".join(lines)


def _line(name: str, right: int, of: int) -> str:
    interval = binomtest(right, of).proportion_ci(method="wilson")
    return f"{name:<44}{f'{right}/{of}':>12}  {right / of:>8.1%}  {interval.low:.1%} to {interval.high:.1%}"


if __name__ == "__main__":
    sys.exit(main())
