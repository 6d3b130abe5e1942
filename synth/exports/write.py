"""Writes the exports of a run: JSON lines by format and split."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from filters import Drop
from synth.domain import JudgedPair
from synth.exports.augment import MARK, Augment, copies
from synth.exports.augment.copies import SUPPORT
from synth.exports.formats import GRADED_BEFORE, Format, LeftOut, Made
from synth.exports.splits import UNSEEN, split
from synth.exports.student import Setting

TRAIN = "train"  # the split that is augmented
_NO_ID = "\0"
_NONE = Augment()

Counts = dict[str, dict[str, int]]
Shown = tuple[JudgedPair, Setting]


@dataclass(frozen=True, slots=True)
class Exported:
    """Counts of rows, by format: in each split, left out by reason, and those whose scores were converted, by how.

    `augmented` says of each kind of copy how many pairs were made and why others were dropped. `near_held_out` is how
    many pairs stand in no split, as their prompt is like one of a held-out scenario.
    """

    rows: Counts
    left_out: Counts
    converted: Counts
    augmented: dict[str, dict[str, Any]] = field(default_factory=dict)
    near_held_out: int = 0

    def record(self) -> dict[str, Any]:
        """For the manifest."""
        record: dict[str, Any] = {"exported": self.rows, "left_out": self.left_out, "converted": self.converted}
        if self.augmented:
            record["augmented"] = self.augmented
        if self.near_held_out:
            record["near_held_out"] = self.near_held_out
        return record

    def said(self) -> tuple[str, ...]:
        """On copies and held-out scenarios, as far as there is something to say."""
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
    setting: Setting,
    *,
    held_out: Collection[str] = frozenset(),
    augment: Augment = _NONE,
) -> Exported:
    """Write `<folder>/<format>/<split>.jsonl`; a split without rows has no file.

    `kept` is read twice and must bring the same pairs each time; none of them is held. Copies that `augment` asks for
    follow their pair, in `train` alone. A copy that a format shows as it shows the pair has no row there.
    """
    formats = list({one.name: one for one in formats}.values())
    rows, left_out, converted = ({one.name: Counter[str]() for one in formats} for _ in range(3))
    of_responses: dict[str, set[bytes]] = {one.name: set() for one in formats}
    made: Counter[str] = Counter()
    dropped: dict[str, Counter[str]] = {}
    taken: set[str] = set()
    near_held_out = 0
    found = split(_noting_ids(kept, taken), splits, setting.seed, held_out)
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
            family: list[Shown] = [(judged, setting)]
            for copy in copies(judged, augment, taken) if name == TRAIN and augment else ():
                if isinstance(copy.made, Drop):
                    dropped.setdefault(copy.kind, Counter())[copy.made.reason] += 1
                else:
                    made[copy.kind] += 1
                    family.append((copy.made, _with_reference(setting) if copy.kind == SUPPORT else setting))
            for one in formats:
                for row in _rows(one, family, of_responses[one.name] if one.single else None):
                    if isinstance(row, LeftOut):
                        left_out[one.name][row.reason] += 1
                        continue
                    put(one.name, name, row.row)
                    if row.converted:
                        converted[one.name][row.converted] += 1
    names = [*splits, UNSEEN] if held_out else list(splits)
    return Exported(
        {form: {name: counts[name] for name in names if counts[name]} for form, counts in rows.items()},
        {form: dict(sorted(reasons.items())) for form, reasons in left_out.items()},
        {form: dict(sorted(ways.items())) for form, ways in converted.items()},
        {
            kind: {"pairs": made[kind], "dropped": dict(sorted(dropped.get(kind, Counter()).items()))}
            for kind in sorted({*made, *dropped})
        },
        near_held_out,
    )


def _noting_ids(kept: Iterable[JudgedPair], taken: set[str]) -> Iterator[JudgedPair]:
    """Remembers the ids that a copy's could be taken for."""
    for judged in kept:
        if MARK in judged.pair.id:
            taken.add(judged.pair.id)
        yield judged


def _with_reference(setting: Setting) -> Setting:
    return replace(setting, student=replace(setting.student, reference="in"))


def _rows(form: Format, family: Sequence[Shown], before: set[bytes] | None) -> Iterator[Made | LeftOut]:
    """A pair's rows and those of its copies that say something else: a format may show neither order nor reference.

    `before` are digests of the rows of all pairs before, of a format of single responses.
    """
    if len(family) == 1 and before is None:
        yield from form.rows(*family[0])
        return
    seen: set[bytes] = set()
    for judged, setting in family:
        nameless = replace(judged, pair=replace(judged.pair, id=_NO_ID))
        for row, without_id in zip(form.rows(judged, setting), form.rows(nameless, setting), strict=True):
            content = _content(without_id)
            if content is None:
                yield row
            elif before is not None and content in before:
                yield LeftOut(GRADED_BEFORE)
            elif content not in seen:
                seen.add(content)
                yield row
    if before is not None:
        before |= seen


def _content(row: Made | LeftOut) -> bytes | None:
    """A digest of what of a row is not made of its id; None where there is no row."""
    if isinstance(row, LeftOut):
        return None
    shown = {key: value for key, value in row.row.items() if not (isinstance(value, str) and value.startswith(_NO_ID))}
    return hashlib.sha256(json.dumps(shown).encode()).digest()[:16]
