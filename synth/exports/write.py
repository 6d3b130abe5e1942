"""Writes the exports of a run: JSON lines by format and split."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from synth.domain import JudgedPair
from synth.exports.formats import Format, LeftOut
from synth.exports.splits import split_of
from synth.exports.student import Setting

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Exported:
    """Counts of rows, by format: in each split, left out by reason, and those whose scores were converted, by how."""

    rows: Counts
    left_out: Counts
    converted: Counts

    def record(self) -> dict[str, Counts]:
        """For the manifest."""
        return {"exported": self.rows, "left_out": self.left_out, "converted": self.converted}


def write(
    folder: Path,
    formats: Iterable[Format],
    kept: Iterable[JudgedPair],
    splits: Mapping[str, float],
    setting: Setting,
) -> Exported:
    """Write `<folder>/<format>/<split>.jsonl`; a split without rows has no file. Holds one pair at a time."""
    formats = list({one.name: one for one in formats}.values())
    rows, left_out, converted = ({one.name: Counter[str]() for one in formats} for _ in range(3))
    with ExitStack() as stack:
        files: dict[tuple[str, str], IO[str]] = {}
        for judged in kept:
            split = split_of(judged.pair.prompt, splits, setting.seed)
            for one in formats:
                for made in one.rows(judged, setting):
                    if isinstance(made, LeftOut):
                        left_out[one.name][made.reason] += 1
                        continue
                    if (one.name, split) not in files:
                        path = folder / one.name / f"{split}.jsonl"
                        path.parent.mkdir(parents=True, exist_ok=True)
                        files[one.name, split] = stack.enter_context(path.open("w", encoding="utf-8"))
                    files[one.name, split].write(json.dumps(made.row, ensure_ascii=False) + "\n")
                    rows[one.name][split] += 1
                    if made.converted:
                        converted[one.name][made.converted] += 1
    return Exported(
        {name: {split: counts[split] for split in splits if counts[split]} for name, counts in rows.items()},
        {name: dict(sorted(reasons.items())) for name, reasons in left_out.items()},
        {name: dict(sorted(ways.items())) for name, ways in converted.items()},
    )
