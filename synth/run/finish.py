"""From judgments to what is kept, dropped and exported. Makes no call."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import filters
from filters import Dropped
from synth.audit.filter_lift import FilterLift
from synth.domain import JudgedPair
from synth.exports import card
from synth.exports.augment import Augment
from synth.exports.write import write as write_exports
from synth.run import tables
from synth.run.examples import Gallery
from synth.run.filter_report import filter_report
from synth.run.folder import write_json, write_text
from synth.run.funnel import Funnel
from synth.run.intake import Intake
from synth.run.prepare import Prepared

_EXAMPLES = 3
_WORTH_WORKERS = 2_000  # pairs; fewer are filtered sooner than processes start


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the pairs. `exported` are rows by format and split; `examples` blocks of text for people.

    `minimal_would_keep` is how many pairs the preset `minimal` would have kept where nothing is. `lift` is what the
    filters do to agreement with the human labels, where there are any. `copies` are lines on augmented pairs.
    """

    folder: Path
    funnel: Funnel
    exported: dict[str, dict[str, int]]
    examples: tuple[str, ...]
    minimal_would_keep: int
    lift: FilterLift | None = None
    copies: tuple[str, ...] = ()


def finish(prepared: Prepared, intake: Intake, described: dict[str, Any]) -> Outcome:
    """Filter what judgments.parquet holds; write kept, dropped, dataset/, the card and the manifest."""
    folder, config = prepared.folder, prepared.config
    funnel = Funnel(prepared.filters.names, not_reached=intake.beyond_limit)
    funnel.set_aside.update(one.reason for one in intake.set_aside)
    gallery = Gallery(_EXAMPLES)
    fates: dict[str, Dropped | None] = {}  # of the pairs with a human label
    judged_pairs = tables.JudgedPairs(folder.pairs, folder.judgments)
    workers = (os.cpu_count() or 1) if tables.count(folder.pairs) > _WORTH_WORKERS else 1
    rmtree(folder.dataset, ignore_errors=True)
    with (
        tables.writing(folder.kept, tables.KEPT) as put_kept,
        tables.writing(folder.dropped, tables.DROPPED) as put_dropped,
    ):
        for one in intake.set_aside:
            put_dropped(tables.set_aside_row(one))
        for judged, objection in prepared.filters.all(judged_pairs, workers=workers):
            gallery.see(judged, objection)
            if judged.pair.human_label is not None:
                fates[judged.pair.id] = objection
            if objection:
                funnel.drop(objection.filter, objection.reason)
                put_dropped(tables.dropped_row(judged, objection))
            else:
                funnel.kept += 1
                put_kept(tables.kept_row(judged))
    exported = write_exports(
        folder.dataset,
        prepared.formats,
        tables.KeptPairs(folder.pairs, folder.judgments, folder.kept),
        config.outputs.splits,
        config.seed,
        held_out=prepared.held_out,
        augment=Augment(config.outputs.augment.swap, config.outputs.augment.reference),
    )
    lift = filter_report(prepared.filters, judged_pairs, fates) if fates else None
    manifest = {**described, "counts": funnel.record(), **exported.record()}
    if lift:
        manifest["filter_report"] = lift.record()
    write_text(folder.card, card.render(manifest, config.name))
    write_json(folder.manifest, manifest)
    return Outcome(
        folder=folder.path,
        funnel=funnel,
        exported=exported.rows,
        copies=exported.said(),
        examples=tuple(gallery.chosen()),
        minimal_would_keep=funnel.kept or _minimal_keeps(judged_pairs),
        lift=lift,
    )


def _minimal_keeps(judged_pairs: Iterable[JudgedPair]) -> int:
    minimal = filters.chosen("minimal")
    return sum(isinstance(minimal.one(judged), JudgedPair) for judged in judged_pairs)
