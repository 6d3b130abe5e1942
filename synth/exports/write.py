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
from filters.parallel import in_order
from synth.domain import JudgedPair
from synth.exports.augment import MARK, Augment, copies
from synth.exports.augment.copies import SUPPORT
from synth.exports.formats import GRADED_BEFORE, Format, LeftOut, Made
from synth.exports.splits import UNSEEN, Splits, split
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as JSON, or why there is none. `content` is a digest of what is not made of its id, where that counts."""

    form: str
    text: str
    left_out: bool = False
    converted: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class _OfPair:
    """What a pair brings: its split, its lines and those of its copies, and of each copy what came of it."""

    split: str
    lines: list[_Line]
    copies: list[tuple[str, str]]


def write(
    folder: Path,
    formats: Iterable[Format],
    kept: Iterable[JudgedPair],
    splits: Mapping[str, float],
    setting: Setting,
    *,
    held_out: Collection[str] = frozenset(),
    augment: Augment = _NONE,
    outlines: Iterable[JudgedPair] | None = None,
    workers: int = 1,
) -> Exported:
    """Write `<folder>/<format>/<split>.jsonl`; a split without rows has no file.

    `kept` is read twice and must bring the same pairs each time; none of them is held. `outlines` are the same pairs
    with no more than id, prompt, scenario and verdict, where these are had sooner. Copies that `augment` asks for
    follow their pair, in `train` alone. A copy that a format shows as it shows the pair has no row there.
    """
    formats = list({one.name: one for one in formats}.values())
    rows, left_out, converted = ({one.name: Counter[str]() for one in formats} for _ in range(3))
    of_responses: dict[str, set[bytes]] = {one.name: set() for one in formats if one.single}
    made: Counter[str] = Counter()
    dropped: dict[str, Counter[str]] = {}
    taken: set[str] = set()
    near_held_out = 0
    found = split(_noting_ids(kept if outlines is None else outlines, taken), splits, setting.seed, held_out)
    with ExitStack() as stack:
        files: dict[tuple[str, str], IO[str]] = {}

        def put(form: str, split: str, text: str) -> None:
            if (form, split) not in files:
                path = folder / form / f"{split}.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
                files[form, split] = stack.enter_context(path.open("w", encoding="utf-8"))
            files[form, split].write(text)
            rows[form][split] += 1

        for one in in_order(_Making(formats, found, setting, augment, taken), kept, workers):
            if one is None:
                near_held_out += 1
                continue
            for kind, reason in one.copies:
                if reason:
                    dropped.setdefault(kind, Counter())[reason] += 1
                else:
                    made[kind] += 1
            for line in _new(one.lines, of_responses):
                if line.left_out:
                    left_out[line.form][line.text] += 1
                    continue
                put(line.form, one.split, line.text)
                if line.converted:
                    converted[line.form][line.converted] += 1
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


@dataclass(frozen=True, slots=True)
class _Making:
    """Work of one process: a pair in every format, None where it stands in no split."""

    formats: Sequence[Format]
    splits: Splits
    setting: Setting
    augment: Augment
    taken: Collection[str]

    def __call__(self, judged: JudgedPair) -> _OfPair | None:
        name = self.splits.of(judged)
        if name is None:
            return None
        family: list[Shown] = [(judged, self.setting)]
        came: list[tuple[str, str]] = []
        for copy in copies(judged, self.augment, self.taken) if name == TRAIN and self.augment else ():
            if isinstance(copy.made, Drop):
                came.append((copy.kind, copy.made.reason))
            else:
                came.append((copy.kind, ""))
                family.append((copy.made, _with_reference(self.setting) if copy.kind == SUPPORT else self.setting))
        return _OfPair(name, [line for one in self.formats for line in _lines(one, family)], came)


def _noting_ids(kept: Iterable[JudgedPair], taken: set[str]) -> Iterator[JudgedPair]:
    """Remembers the ids that a copy's could be taken for."""
    for judged in kept:
        if MARK in judged.pair.id:
            taken.add(judged.pair.id)
        yield judged


def _with_reference(setting: Setting) -> Setting:
    return replace(setting, student=replace(setting.student, reference="in"))


def _lines(form: Format, family: Sequence[Shown]) -> Iterator[_Line]:
    """All rows of a pair and its copies, also those that say nothing new."""
    alone = len(family) == 1 and not form.single
    for judged, setting in family:
        found = list(form.rows(judged, setting))
        nameless = [] if alone else form.rows(replace(judged, pair=replace(judged.pair, id=_NO_ID)), setting)
        contents = [None] * len(found) if alone else [*map(_content, nameless)]
        for row, content in zip(found, contents, strict=True):
            if isinstance(row, LeftOut):
                yield _Line(form.name, row.reason, left_out=True)
            else:
                text = json.dumps(row.row, ensure_ascii=False) + "\n"
                yield _Line(form.name, text, converted=row.converted, content=content)


def _new(lines: Iterable[_Line], of_responses: Mapping[str, set[bytes]]) -> Iterator[_Line]:
    """The lines of one pair that say something else than those before: a format may show neither order nor reference.

    `of_responses` are digests of the rows of all pairs before, of formats of single responses.
    """
    seen: set[tuple[str, bytes]] = set()
    for line in lines:
        if line.content is None:
            yield line
        elif line.content in of_responses.get(line.form, ()):
            yield _Line(line.form, GRADED_BEFORE, left_out=True)
        elif (line.form, line.content) not in seen:
            seen.add((line.form, line.content))
            yield line
    for form, content in seen:
        if form in of_responses:
            of_responses[form].add(content)


def _content(row: Made | LeftOut) -> bytes | None:
    """A digest of what of a row is not made of its id; None where there is no row."""
    if isinstance(row, LeftOut):
        return None
    shown = {key: value for key, value in row.row.items() if not (isinstance(value, str) and value.startswith(_NO_ID))}
    return hashlib.sha256(json.dumps(shown).encode()).digest()[:16]
