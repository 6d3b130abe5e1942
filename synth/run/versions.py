"""Run folders and published datasets as versions that can be compared."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from filters.choose import settings
from synth import yaml_file
from synth.diff import Made, Row, Version
from synth.diff.version import first_side
from synth.domain import Pair, Verdict
from synth.exports.augment.copies import copied
from synth.rows import columns
from synth.rows.pairs import pair_key
from synth.rows.published import published
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.previous import Previous

_SHOWN = 100  # characters of a prompt


def version(one: Previous) -> Version:
    """Raises ConfigError where a dataset cannot be had."""
    if one.run is not None:
        manifest = json.loads(one.run.manifest.read_text(encoding="utf-8"))
        return of_run(one.name, one.run, manifest, yaml_file.read(one.run.config).get("filters"))
    found = list(published(one.source, one.revision, one.name))
    ids = {row["id"] for row in found}
    rows = [
        replace(_row(columns.pair(row), row["verdict"]), asked=row["asked"] or "", reference=None)
        for row in found
        if row["asked"] or not copied(row["id"], ids)
    ]
    return Version(one.name, rows, made=None, whole=False)


def of_run(name: str, folder: RunFolder, manifest: Mapping[str, Any], filters: Any) -> Version:
    """`filters` is what the run's config says. Pairs that were not judged are no rows."""
    hashes = manifest["hashes"]
    made = Made(
        teacher=manifest["teacher"],
        judging=manifest["judging"],
        templates=[hashes.get("templates"), hashes.get("reply_schemas")],
        filters=settings(filters),
        scenarios=hashes["scenarios"],
    )
    return Version(name, list(_rows(folder)), made)


def _rows(folder: RunFolder) -> Iterator[Row]:
    """Pairs without a fate are those of a run in this folder that came later and was not finished."""
    fates: dict[str, tuple[str, str]] = {}
    for kept in tables.read(folder.kept, ["id", "verdict"]):
        fates[kept["id"]] = "", kept["verdict"]
    for gone in tables.read(folder.dropped, ["id", "verdict", "filter", "reason"]):
        if gone["filter"] != "input":
            fates[gone["id"]] = f"{gone['filter']}: {gone['reason']}", gone["verdict"]
    for pair, judged in tables.with_rows(folder.pairs, folder.judgments):
        if pair.id in fates:
            dropped, verdict = fates[pair.id]
            first, later = ([one for one in judged if (tables.round_of(one) > 1) is late] for late in (False, True))
            yield replace(
                _row(pair, verdict),
                dropped=dropped,
                asked=judged[0]["asked"] if judged else "",
                said=_said(first),
                rescued=_said(later),
            )


def _row(pair: Pair, verdict: str) -> Row:
    turns = columns.prompt_row(pair.prompt)
    exact = json.dumps([turns, *sorted((pair.response_a, pair.response_b))])
    return Row(
        id=pair.id,
        content=pair_key(pair)[:16],
        text=_digest(exact),
        first=first_side(pair),
        scenario=pair.scenario,
        verdict=Verdict(verdict) if verdict else None,
        reference=pair.reference,
        shown=" ".join(pair.prompt[-1].content.split())[:_SHOWN],
    )


def _said(judgments: list[dict[str, Any]]) -> bytes:
    """The same for a pair and its swap where the replies are there; of imported judgments without them, the values."""
    if not judgments or any(row.get("carried_from") for row in judgments):
        return b""
    names = (*columns.ASK, *columns.JUDGMENT, "failure")
    said = [row["reply"] or repr([row[name] for name in names]) for row in judgments]
    return _digest(json.dumps(sorted(said)))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
