"""Two versions compared, as text for the terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from synth.diff import Change, Difference, Kind, Row
from synth.diff.difference import Size
from synth.terminal import escaped

_SAID = {
    Kind.ADDED: "added",
    Kind.GONE: "gone",
    Kind.FLIPPED: "kept in both, verdict flipped",
    Kind.DROPPED: "kept before, dropped now",
    Kind.KEPT: "dropped before, kept now",
}

_KAPPA = "  Cohen's kappa"


def text(found: Difference, examples: int) -> str:
    return "\n".join(map(escaped, _lines(found, examples)))


def _lines(found: Difference, examples: int) -> Iterator[str]:
    yield f"old  {_size(found.old)}"
    yield f"new  {_size(found.new)}"
    yield ""
    yield f"  {'unchanged':<30}{found.unchanged:>7}"
    for kind, said in _SAID.items():
        why = found.count(kind)
        yield f"  {said:<30}{why.total():>7}  {_counts(why)}".rstrip()
    yield ""
    yield "Agreement of the verdicts of both: value, 95% interval, n"
    for name, one in (("pairs judged in both", found.judged), ("pairs kept in both", found.kept)):
        yield f"  {name:<30} {one.agreement}"
        yield f"  {_KAPPA:<30} {one.cohens_kappa}"
    for change in found.examples(examples):
        yield ""
        yield from _example(change)


def _size(one: Size) -> str:
    judged = "" if one.judged is None else f"{one.judged} judged, "
    only = " (of a dataset only those are known)" if one.judged is None else ""
    return f"{one.name}: {judged}{one.kept} kept{only}"


def _counts(why: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {cause}" for cause, count in why.items())


def _example(change: Change) -> Iterator[str]:
    old, new, swapped = change.match
    there = new or old
    assert there is not None
    renamed = f", {old.id} before" if old and new and old.id != new.id else ""
    swap = ", responses swapped" if swapped else ""
    yield f"{there.id} [{there.scenario}] {_SAID[change.kind]}: {change.why}{renamed}{swap}"
    yield f"  prompt  {there.shown}"
    if old is not None:
        yield f"  old     {_fate(old, old.verdict)}"
    if new is not None:
        yield f"  new     {_fate(new, change.match.verdict)}"


def _fate(row: Row, verdict: object) -> str:
    """`verdict` is by the identities of the old version."""
    said = f"verdict {verdict}" if verdict else "no verdict"
    return f"{said}, dropped by {row.dropped}" if row.dropped else said


def since(record: Mapping[str, Any]) -> Iterator[str]:
    """The manifest's `previous`, at the end of a run."""
    taken = [f"{record[f'{what}_carried']} {what}" for what in ("calls", "pairs") if record[f"{what}_carried"]]
    yield f"Taken over from {record['name']}: {' and '.join(taken) or 'nothing, as nothing still holds'}"
    if "changes" not in record:
        return
    changes = record["changes"]
    anew = changes["asked_anew"]
    yield f"  asked otherwise than there: {sum(anew.values())} pairs{': ' if anew else ''}{_counts(anew)}"
    for kind, why in changes["changes"].items():
        if why:
            yield f"  {kind}: {sum(why.values())} pairs: {_counts(why)}"
