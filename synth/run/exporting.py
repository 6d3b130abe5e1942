"""The dataset/ of a run: its formats by split, written anew as a whole."""

from pathlib import Path
from shutil import rmtree

from synth.exports import Setting, Student
from synth.exports.augment import Augment
from synth.exports.write import Exported
from synth.exports.write import write as write_exports
from synth.run import tables
from synth.run.kept import KeptPairs
from synth.run.prepare import Prepared
from synth.run.workers import workers


def write_dataset(prepared: Prepared) -> Exported:
    """Write what the run kept in every format of the config. The old dataset/ stands until the new one is whole."""
    folder = prepared.folder
    beside = folder.dataset.with_name(".dataset.tmp")
    rmtree(beside, ignore_errors=True)
    exported = write_formats(prepared, beside)
    rmtree(folder.dataset, ignore_errors=True)
    if beside.exists():
        beside.rename(folder.dataset)
    return exported


def write_formats(prepared: Prepared, into: Path) -> Exported:
    folder = prepared.folder
    kept = KeptPairs(folder, prepared.config)
    outputs = prepared.config.outputs
    return write_exports(
        into,
        prepared.formats,
        kept,
        outputs.splits,
        setting(prepared),
        held_out=prepared.held_out,
        augment=Augment(outputs.augment.swap, outputs.augment.reference),
        outlines=kept.outlines(),
        workers=workers(tables.count(folder.pairs)),
    )


def setting(prepared: Prepared) -> Setting:
    config = prepared.config
    return Setting(
        catalogue=prepared.catalogue,
        scale=config.judging.scale,
        teacher=config.teacher.model,
        own_criteria=config.judging.criteria == "own",
        student=Student(**config.outputs.student.model_dump()),
        seed=config.seed,
    )
