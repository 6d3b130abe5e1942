"""`report.html` of a finished run: reads its tables and writes the page. Makes no call."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filters
from filters.parallel import in_order
from filters.ungrounded import SIMILARITY
from synth.audit.report import Report, audit
from synth.config.model import Config
from synth.domain import AskedAgain, JudgedPair, scale_named
from synth.report import facts as fact
from synth.report.example import Example, judged_example, unjudged_example
from synth.report.page import Run, render
from synth.report.sample import Chooser
from synth.run import tables
from synth.run.finished import config_of
from synth.run.folder import RunFolder, write_text
from synth.run.funnel import Funnel
from synth.run.kept import again, as_decided
from synth.run.workers import workers

MOST_ROWS = 20_000  # in the browser of a page
MOST_BYTES = 300_000_000  # of the texts in it, before they are packed

Chosen = dict[str, tuple[fact.Fate, str, str]]  # fate, its detail, and the run's verdict, by the pair's id


def report_again(path: Path) -> Path:
    """Write the page of a finished run anew; returns where it is. Raises ConfigError where there is no such run."""
    folder = RunFolder(path)
    config = config_of(folder)
    with folder.claimed():
        return write_report(folder, config)


def write_report(folder: RunFolder, config: Config, most_rows: int = MOST_ROWS) -> Path:
    """`config` is the run's: quotations are looked for as its filter does."""
    manifest = json.loads(folder.manifest.read_text(encoding="utf-8"))
    facts = fact.facts(_rows(folder, fact.COLUMNS))
    limit = min(most_rows, _fitting(folder))
    chosen, asked_again, aside = _choose(folder, facts, limit)
    names = manifest.get("filters", list(manifest["counts"]["dropped"]))  # earlier runs do not say in which order
    scale = scale_named(manifest["judging"]["scale"])
    run = Run(
        name=folder.path.resolve().name,
        filters=names,
        manifest=manifest,
        stages=list(Funnel.of(manifest["counts"], names).stages()),
        facts=facts,
        scores=_scores(folder),
        scale=(scale.low, scale.high),
        total=sum(facts.cells.values()),
        audit=_audit(folder) if facts.labelled else None,
    )
    similarity = filters.parameters(config.filters, "ungrounded").get("similarity", SIMILARITY)
    everything = len(chosen) == len(facts.fate)
    read = tables.with_rows(folder.pairs, folder.judgments, None if everything else chosen.keys())
    judged = (as_decided(one, rows, asked_again.get(one.id), config) for one, rows in read)
    shown = in_order(_Shown(chosen, similarity), judged, workers(len(chosen)))
    write_text(folder.report, render(run, _both(shown, aside)))
    return folder.report


@dataclass(frozen=True, slots=True)
class _Shown:
    """Work of one process: to look for the quotations of a pair takes longer than to read it."""

    chosen: Chosen
    similarity: float

    def __call__(self, judged: JudgedPair) -> Example:
        return judged_example(judged, *self.chosen[judged.pair.id], self.similarity)


def _both(judged: Iterable[Example], aside: Iterable[Example]) -> Iterator[Example]:
    yield from judged
    yield from aside


def _rows(folder: RunFolder, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    yield from tables.read(folder.kept, list(names))
    yield from tables.read(folder.dropped, ["filter", "reason", *names])


def _fitting(folder: RunFolder) -> int:
    """How many pairs of this run's mean size a page can hold."""
    size = tables.size(folder.pairs) + tables.size(folder.judgments, without=("reply",))
    return max(1, MOST_BYTES * max(1, tables.count(folder.pairs)) // max(1, size))


def _choose(folder: RunFolder, facts: fact.Facts, limit: int) -> tuple[Chosen, dict[str, AskedAgain], list[Example]]:
    """The pairs that are shown, which of them a second round decided, and the rows that were set aside."""
    chooser = Chooser(facts.cells, limit)
    chosen: Chosen = {}
    asked_again: dict[str, AskedAgain] = {}
    aside: list[Example] = []
    for row in tables.read(folder.kept, ["id", "scenario", "verdict", "rescued_by", "first_objection"]):
        if chooser.takes((fact.KEPT, row["scenario"])):
            asked_again |= _asked_again(row)
            chosen[row["id"]] = (fact.KEPT, "", row["verdict"])
    for row in tables.read(folder.dropped):
        fate = fact.fate(row)
        if not chooser.takes((fate, row["scenario"])):
            continue
        if fate.filter == fact.SET_ASIDE:
            one = tables.set_aside(row)
            aside.append(unjudged_example(one.pair, fate, one.detail, one.raw))
        else:
            asked_again |= _asked_again(row)
            chosen[row["id"]] = (fate, row["detail"], row["verdict"])
    return chosen, asked_again, aside


def _asked_again(row: dict[str, Any]) -> dict[str, AskedAgain]:
    found = again(row)
    return {row["id"]: found} if found else {}


def _scores(folder: RunFolder) -> Counter[tuple[str, str, float]]:
    """Scores of all judgments by scenario and protocol; both tables are in the same order of pairs."""
    counts: Counter[tuple[str, str, float]] = Counter()
    rows = tables.read(folder.judgments, ["pair_id", "protocol", "score_a", "score_b"])
    row = next(rows, None)
    for pair in tables.read(folder.pairs, ["id", "scenario"]):
        while row is not None and row["pair_id"] == pair["id"]:
            for score in (row["score_a"], row["score_b"]):
                if not math.isnan(score):
                    counts[pair["scenario"], row["protocol"], score] += 1
            row = next(rows, None)
    return counts


def _audit(folder: RunFolder) -> Report:
    """Over the labelled pairs alone, which may be few. Correlations take `judgemill audit` seconds."""
    names = ["id", "human_label", "human_labels"]
    labelled = {row["id"] for row in tables.read(folder.pairs, names) if row["human_label"] or row["human_labels"]}
    return audit(tables.judged_pairs(folder.pairs, folder.judgments, labelled), with_scores=False)
