"""What is said of the references: in the manifest, and to the person who runs it."""

from collections import Counter
from collections.abc import Container, Mapping
from typing import Any

from synth.prompts.reference import reference_hash
from synth.run import tables
from synth.run.prepare import Prepared
from synth.run.references.found import Reference
from synth.run.references.groups import Groups
from synth.run.references.writer import Writer


def record(
    prepared: Prepared, who: Writer | None, groups: Groups, found: Mapping[str, Reference], gone: Container[str]
) -> dict[str, Any]:
    """Who was asked and how; the pairs by the source of their reference, and those `without` one. `lacking` are the
    reasons of those that were to have one; the groups that are `gone` are not in the run."""
    section = prepared.config.references
    assert section is not None
    sources = Counter(row["reference_source"] for row in tables.read(prepared.folder.pairs, ["reference_source"]))
    without = sources.pop("", 0)
    lacking: Counter[str] = Counter()
    for key, ids in groups.ids.items():
        one = found.get(key, Reference(lacking="too few answers"))
        if one.lacking and key not in gone:
            lacking[one.lacking] += len(ids)
    return {
        "by": section.by,
        **(_asked(who) if who else {}),
        "pairs": dict(sorted(sources.items())),
        "without": without,
        "lacking": dict(sorted(lacking.items())),
    }


def _asked(who: Writer) -> dict[str, Any]:
    return {
        "model": who.terms.model,
        "parameters": who.terms.parameters,
        "max_tokens": who.terms.max_tokens,
        "answers": who.votes,
        "question": reference_hash(final_answer=not who.by),
    }


def text(record: Mapping[str, Any]) -> str:
    """One line for the terminal."""
    parts = [f"{count} {source}" for source, count in record["pairs"].items()]
    why = ", ".join(f"{count} {reason}" for reason, count in record["lacking"].items())
    parts += [f"{record['without']} none{f' ({why})' if why else ''}"] if record["without"] else []
    return f"references of {sum(record['pairs'].values()) + record['without']} pairs: {', '.join(parts)}"
