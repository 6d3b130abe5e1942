"""Writes the exports of a run: JSON lines by format and split."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from filters import Drop
from synth.domain import JudgedPair
from synth.exports.augment import MARK, Augment, copies
from synth.exports.formats import Format
from synth.exports.splits import UNSEEN, split

TRAIN = "train"  # the split that is augmented
_NO_ID = "\0"
_NONE = Augment()


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: `rows` by format and split.

    `augmented` says of each kind of copy how many pairs were made and why others were dropped. `near_held_out` is how
    many pairs stand in no split, as their prompt is like one of a held-out scenario.
    """

    rows: dict[str, dict[str, int]]
    augmented: dict[str, dict[str, Any]]
    near_held_out: int

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        record: dict[str, Any] = {"exported": self.rows}
        if self.augmented:
            record["augmented"] = self.augmented
        if self.near_held_out:
            record["near_held_out"] = self.near_held_out
        return record

    def said(self) -> tuple[str, ...]:
        """The same in lines, as far as there is something to say."""
        lines = []
        for kind, one in self.augmented.items():
            why = ", ".join(f"{count} {reason}" for reason, count in one["dropped"].items())
            lines.append(f"copies ~{kind}: {one['pairs']} made" + (f"; dropped {why}" if why else ""))
        if self.near_held_out:
            lines.append(f"{self.near_held_out} pairs are in no split: their prompts are like those of held_out")
        return tuple(lines)


def write(
    folder: Path,
    formats: Iterable[Format],
    kept: Iterable[JudgedPair],
    splits: Mapping[str, float],
    seed: int,
    *,
    held_out: Collection[str] = frozenset(),
    augment: Augment = _NONE,
) -> Exported:
    """Write `<folder>/<format>/<split>.jsonl`; a split without rows has no file.

    `kept` is read twice and must bring the same pairs each time; none of them is held. Copies that `augment` asks for
    follow their pair, in `train` alone. A copy that a format shows as it shows the pair has no row there.
    """
    formats = list(formats)
    rows: dict[str, Counter[str]] = {one.name: Counter() for one in formats}
    made: dict[str, Counter[str]] = {}
    dropped: dict[str, Counter[str]] = {}
    taken: set[str] = set()
    near_held_out = 0
    found = split(_noting_ids(kept, taken), splits, seed, held_out)
    with ExitStack() as stack:
        files: dict[tuple[str, str], IO[str]] = {}

        def put(form: str, split: str, row: Mapping[str, Any]) -> None:
            if (form, split) not in files:
                path = folder / form / f"{split}.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
                files[form, split] = stack.enter_context(path.open("w", encoding="utf-8"))
            files[form, split].write(json.dumps(row, ensure_ascii=False) + "\n")
            rows[form][split] += 1

        for judged in kept:
            name = found.of(judged)
            if name is None:
                near_held_out += 1
                continue
            family = [judged]
            for copy in copies(judged, augment, taken) if name == TRAIN and augment else ():
                if isinstance(copy.made, Drop):
                    dropped.setdefault(copy.kind, Counter())[copy.made.reason] += 1
                else:
                    made.setdefault(copy.kind, Counter())["pairs"] += 1
                    family.append(copy.made)
            for one in formats:
                for row in _rows(one, family):
                    put(one.name, name, row)
    names = [*splits, UNSEEN] if held_out else list(splits)
    kinds = sorted({*made, *dropped})
    return Exported(
        {form: {name: counts[name] for name in names if counts[name]} for form, counts in rows.items()},
        {
            kind: {
                "pairs": made.get(kind, Counter())["pairs"],
                "dropped": dict(sorted(dropped.get(kind, Counter()).items())),
            }
            for kind in kinds
        },
        near_held_out,
    )


def _noting_ids(kept: Iterable[JudgedPair], taken: set[str]) -> Iterator[JudgedPair]:
    """Remembers the ids that a copy's could be taken for."""
    for judged in kept:
        if MARK in judged.pair.id:
            taken.add(judged.pair.id)
        yield judged


def _rows(form: Format, family: Sequence[JudgedPair]) -> Iterator[dict[str, Any]]:
    """A pair's row and those of its copies that say something else: a format may show neither order nor reference."""
    seen: set[str] = set()
    for judged in family:
        row = form.row(judged)
        if row is None:
            continue
        if len(family) > 1:
            content = _content(form, judged)
            if content in seen:
                continue
            seen.add(content)
        yield row


def _content(form: Format, judged: JudgedPair) -> str:
    """The row without what is made of its id."""
    row = form.row(replace(judged, pair=replace(judged.pair, id=_NO_ID))) or {}
    shown = {key: value for key, value in row.items() if not (isinstance(value, str) and value.startswith(_NO_ID))}
    return json.dumps(shown)
