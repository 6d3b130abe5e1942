"""Writes the exports of a run: JSON lines by format and split."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from synth.domain import JudgedPair
from synth.exports.formats import Format
from synth.exports.splits import split_of


def write(
    folder: Path, formats: Iterable[Format], kept: Iterable[JudgedPair], splits: Mapping[str, float], seed: int
) -> dict[str, dict[str, int]]:
    """Write `<folder>/<format>/<split>.jsonl`. Returns rows by format and split; a split without rows has no file."""
    formats = list(formats)
    rows: dict[str, Counter[str]] = {one.name: Counter() for one in formats}
    with ExitStack() as stack:
        files: dict[tuple[str, str], IO[str]] = {}
        for judged in kept:
            split = split_of(judged.pair.prompt, splits, seed)
            for one in formats:
                row = one.row(judged)
                if row is None:
                    continue
                if (one.name, split) not in files:
                    path = folder / one.name / f"{split}.jsonl"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    files[one.name, split] = stack.enter_context(path.open("w", encoding="utf-8"))
                files[one.name, split].write(json.dumps(row, ensure_ascii=False) + "\n")
                rows[one.name][split] += 1
    return {name: {split: counts[split] for split in splits if counts[split]} for name, counts in rows.items()}
