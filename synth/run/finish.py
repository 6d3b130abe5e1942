"""From judgments to what is kept, dropped and exported. Makes no call."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import filters
from filters import Dropped
from synth.audit.filter_lift import FilterLift
from synth.domain import JudgedPair
from synth.exports import card
from synth.exports.composition import Composition
from synth.exports.write import Exported
from synth.run import tables
from synth.run.changelog import since
from synth.run.examples import Gallery
from synth.run.exporting import write_dataset
from synth.run.filter_report import filter_report
from synth.run.folder import write_json, write_text
from synth.run.funnel import Funnel
from synth.run.intake import Intake
from synth.run.prepare import Prepared
from synth.run.remarks import remarks
from synth.run.report import write_report
from synth.run.rescue.rescued import Rescued
from synth.run.rescue.rounds import judged_pairs as judged_pairs_of
from synth.run.rescue.second_round import by
from synth.run.responding.ranking import Ranking, rank
from synth.run.workers import workers

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the pairs. `exported` counts the rows of the dataset; `examples` are blocks of text for people.

    `remarks` are what a person should be told beside the numbers. `lift` is what the
    filters do to agreement with the human labels, where there are any; `rescued` what came of asking again, where
    that was done; `previous` what the manifest says of the version that the run goes on from; `ranking` how many
    prompts have their responses ranked, where they have.
    """

    folder: Path
    funnel: Funnel
    exported: Exported
    examples: tuple[str, ...]
    remarks: tuple[str, ...]
    lift: FilterLift | None = None
    rescued: Rescued | None = None
    previous: dict[str, Any] | None = None
    ranking: Ranking | None = None


def finish(prepared: Prepared, intake: Intake, described: dict[str, Any]) -> Outcome:
    """Filter what judgments.parquet holds; write kept, dropped, dataset/, the card, the manifest and the report."""
    folder, config = prepared.folder, prepared.config
    funnel = Funnel(prepared.filters.names, not_reached=intake.beyond_limit, prompts_in=intake.rows)
    funnel.set_aside.update(one.reason for one in intake.set_aside)
    gallery = Gallery(_EXAMPLES)
    composition = Composition()
    fates: dict[str, Dropped | None] = {}  # of the pairs with a human label
    processes = workers(tables.count(folder.pairs))
    judged_pairs = judged_pairs_of(folder, prepared.filters, config, processes)
    rescued = Rescued(by(config, config.rescue)) if config.rescue else None
    with (
        tables.writing(folder.kept, tables.KEPT) as put_kept,
        tables.writing(folder.dropped, tables.DROPPED) as put_dropped,
    ):
        for one in intake.set_aside:
            put_dropped(tables.set_aside_row(one))
        for judged, objection in prepared.filters.all(judged_pairs, workers=processes):
            gallery.see(judged, objection)
            composition.judged(judged)
            if rescued:
                rescued.see(judged, objection)
            if judged.pair.human_label is not None:
                fates[judged.pair.id] = objection
            if objection:
                funnel.drop(objection.filter, objection.reason)
                put_dropped(tables.dropped_row(judged, objection))
            else:
                funnel.kept += 1
                put_kept(tables.kept_row(judged))
                composition.kept(judged)
    exported = write_dataset(prepared)
    lift = filter_report(prepared.filters, judged_pairs.of(fates), fates) if fates else None
    ranking = rank(prepared, judged_pairs)
    manifest = {
        **described,
        "filters": list(prepared.filters.names),
        "filter_settings": config.filters,
        "counts": funnel.record(),
        **exported.record(),
        "composition": composition.record(),
    }
    if lift:
        manifest["filter_report"] = lift.record()
    if rescued:
        manifest["rescued"] = rescued.record()
    if ranking:
        manifest["ranking"] = asdict(ranking)
    if "previous" in described:
        manifest["previous"] = since(prepared, described["previous"], manifest)
    write_text(folder.card, card.render(manifest, config.name, config.card))
    write_json(folder.manifest, manifest, sort_keys=False)  # a card is made of it again: filters in their order
    write_report(folder, config)
    return Outcome(
        folder=folder.path,
        funnel=funnel,
        exported=exported,
        examples=tuple(gallery.chosen()),
        remarks=tuple(remarks(funnel, composition, funnel.kept or _minimal_keeps(judged_pairs))),
        lift=lift,
        rescued=rescued,
        previous=manifest.get("previous"),
        ranking=ranking,
    )


def _minimal_keeps(judged_pairs: Iterable[JudgedPair]) -> int:
    minimal = filters.chosen("minimal")
    return sum(isinstance(minimal.one(judged), JudgedPair) for judged in judged_pairs)
