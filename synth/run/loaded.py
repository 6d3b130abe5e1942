"""A finished run as values: what its folder holds, read when it is asked for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filters import Dropped
from synth.config.model import Config
from synth.domain import JudgedPair, Pair
from synth.run import tables
from synth.run.finished import config_of
from synth.run.folder import RunFolder
from synth.run.kept import KeptPairs, again, as_decided, with_verdict

_INPUT = "input"  # the filter of rows that were set aside before anything was judged


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A row that is not in the dataset, and why.

    `why.filter` is `input` where it was set aside before anything was judged: then there is no `judged`, no `pair`
    where the row could not be read as one, and `raw` is what stood there.
    """

    why: Dropped
    pair: Pair | None
    judged: JudgedPair | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. Its pairs are read from disk while you go through them; none of them is held.

    `manifest` is manifest.json: versions, hashes, `counts`, `usage`, and what was exported. It and `config` are of the
    moment in which the run was loaded.
    """

    folder: Path
    config: Config
    manifest: Mapping[str, Any]

    @property
    def card(self) -> Path:
        """The dataset card, README.md."""
        return self.folder / "README.md"

    @property
    def report(self) -> Path:
        """report.html: the numbers, and the pairs to read."""
        return self.folder / "report.html"

    @property
    def dataset(self) -> Path:
        """The folder of the exports: `<format>/<split>.jsonl`."""
        return self.folder / "dataset"

    def kept(self) -> Iterator[JudgedPair]:
        """The pairs of the dataset, in the order of the input, with the verdicts that filters settled."""
        return iter(KeptPairs(self._files, self.config))

    def dropped(self) -> Iterator[DroppedRow]:
        """All other rows: first those that were set aside, then judged pairs in the order of the input."""
        rows = tables.read(self._files.dropped)
        row = next(rows, None)
        while row is not None and row["filter"] == _INPUT:
            one = tables.set_aside(row)
            yield DroppedRow(_why(row), one.pair, raw=one.raw)
            row = next(rows, None)
        for pair, judgments in tables.with_rows(self._files.pairs, self._files.judgments):
            if row is None:
                return
            if pair.id == row["id"]:
                judged = as_decided(pair, judgments, again(row), self.config)
                yield DroppedRow(_why(row), pair, with_verdict(judged, row))
                row = next(rows, None)

    def judged_pairs(self) -> Iterator[JudgedPair]:
        """Every judged pair, kept or dropped, as the filters saw it: in the order of the input, nothing settled."""
        files, second = self._files, {}
        for table, by in ((files.kept, "rescued_by"), (files.dropped, "asked_again_by")):
            for row in tables.read(table, ["id", by, "first_objection"]):
                if found := again(row):
                    second[row["id"]] = found
        for pair, judgments in tables.with_rows(files.pairs, files.judgments):
            yield as_decided(pair, judgments, second.get(pair.id), self.config)

    @property
    def _files(self) -> RunFolder:
        return RunFolder(self.folder)


def load(folder: Path) -> Run:
    """Raises ConfigError where the folder holds no finished run."""
    files = RunFolder(folder)
    config = config_of(files)
    return Run(folder, config, json.loads(files.manifest.read_text(encoding="utf-8")))


def _why(row: Mapping[str, Any]) -> Dropped:
    return Dropped(row["filter"], row["reason"], row["detail"])
