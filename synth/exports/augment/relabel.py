"""The words of a critique for the same responses in the other order: slot 1 becomes slot 2."""

from collections.abc import Sequence
from dataclasses import dataclass

from filters.quotes import holds, plain
from filters.slots import mentions
from synth.exports.augment.doubts import doubts, former
from synth.exports.augment.names import Name, flipped, names
from synth.exports.augment.passages import quoted, unpaired

_SIMILARITY = 0.9  # of a quotation to its source, as in filters/ungrounded.py


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text cannot be relabelled for sure: a short `reason` to count by, and what was found."""

    reason: str
    found: str


def relabel(text: str, sources: Sequence[str] = (), *, compares: bool = True) -> str | Doubt:
    """The text with the names of the slots swapped, or the first doubt.

    `sources` are the prompt, the responses and a reference, which the text may quote; quotations and code stay as they
    are. `compares` where the text speaks of both responses. Relabelled again, it is the text it was.
    """
    made = _relabelled(text, sources, compares=compares)
    if isinstance(made, Doubt) or _relabelled(made, sources, compares=compares) == text:
        return made
    return Doubt("does not read the same way back", text[:60])


def _relabelled(text: str, sources: Sequence[str], *, compares: bool) -> str | Doubt:
    if not text.strip():
        return text
    passages, gapped = quoted(text)
    found = names(gapped)
    for passage in passages:
        inside = [*names(passage), *mentions(passage)]
        if inside and not any(holds(plain(source), passage, _SIMILARITY) for source in sources):
            return Doubt("a slot's name in quotation marks", passage[:60])
    if found and unpaired(gapped):
        return Doubt("a quotation mark without its pair", gapped[:60].replace("\0", "_"))
    marks = [mark for name in found for mark in name.marks]
    for mark in former(gapped, found):
        if mark is None:
            return Doubt("former or latter", text[:60])
        marks.append(mark)
    for reason, what in doubts(gapped, found, lambda: "\n".join(sources).casefold(), compares=compares):
        return Doubt(reason, what.replace("\0", "_"))
    made = flipped(text, marks)
    if not _read_otherwise(gapped, flipped(gapped, marks)):
        return Doubt("names that only one reader finds", _said(gapped, found))
    return made


def _read_otherwise(before: str, after: str) -> bool:
    """Whether the filters' own reader, too, finds the other slot wherever it found one."""
    return [one.slot for one in mentions(after)] == [3 - one.slot if one.slot else 0 for one in mentions(before)]


def _said(text: str, found: Sequence[Name]) -> str:
    return ", ".join(text[name.start : name.end] for name in found)[:80]
