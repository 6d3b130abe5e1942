"""Tables are read in parts by several processes; whatever the parts, it is the same."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import chosen
from filters.parallel import in_order
from synth.config.model import Config
from synth.domain import JudgedPair, Side
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.kept import KeptPairs
from tests.filters.judged import AB, BA, A, B, compared, graded, judged, numbered
from tests.run.test_tables import judgment_rows

CONFIG = Config.model_validate({"name": "n", "data": {"path": "rows.jsonl"}, "teacher": {"model": "m"}})
KINDS = (
    judged(),
    judged(compared(AB, A)),
    judged(compared(AB, A), compared(BA, B)),
    judged(compared(AB, A, 7, 2), compared(BA, A), graded(Side.A, 7), graded(Side.B, 2)),
)


def written(folder: RunFolder, pairs: Sequence[JudgedPair], kept: Sequence[bool]) -> tables.JudgedPairs:
    tables.write(folder.pairs, tables.PAIRS, ({**tables.pair_row(one.pair), "asked": "mark"} for one in pairs))
    rows = ({"round": 1, "sample": 0, **row} for one in pairs for row in judgment_rows(one))
    tables.write(folder.judgments, tables.JUDGMENTS, rows)
    stays = (one for one, stay in zip(pairs, kept, strict=True) if stay)
    tables.write(folder.kept, tables.KEPT, map(tables.kept_row, stays))
    return tables.JudgedPairs(folder.pairs, folder.judgments)


def small_groups(patch: pytest.MonkeyPatch, rows: int) -> None:
    patch.setattr(tables, "_ROWS_A_GROUP", rows)
    patch.setattr(tables, "_ROWS_AT_ONCE", max(1, rows // 2))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=12), st.integers(1, 7), st.data())
def test_parts_of_any_size_are_together_the_whole(
    drawn: list[tuple[JudgedPair, bool]], group: int, data: st.DataObject
) -> None:
    pairs = numbered([one for one, _ in drawn])

    def sizes(count: int) -> list[int]:
        assert count == len(pairs)
        borders = sorted(data.draw(st.lists(st.integers(0, count), max_size=5)))
        return [end - start for start, end in zip([0, *borders], [*borders, count], strict=True)]

    with TemporaryDirectory() as path, pytest.MonkeyPatch.context() as patch:
        small_groups(patch, group)
        folder = RunFolder(Path(path))
        everything = written(folder, pairs, [stays for _, stays in drawn])
        assert [one for part in everything.parts(sizes) for one in part] == list(everything)
        kept = KeptPairs(folder, CONFIG)
        assert [one for part in kept.parts(sizes) for one in part] == list(kept)
        outlines = [(one.pair.id, one.pair.prompt, one.pair.scenario, one.verdict) for one in kept.outlines()]
        assert outlines == [(one.pair.id, one.pair.prompt, one.pair.scenario, one.verdict) for one in kept]


def test_processes_that_read_for_themselves_come_to_the_same_end(tmp_path: Path) -> None:
    pairs = numbered([KINDS[place % len(KINDS)] for place in range(450)])
    everything = written(RunFolder(tmp_path), pairs, [True] * len(pairs))
    assert list(in_order(_id, everything, 2)) == [one.pair.id for one in pairs]
    filters = chosen([{"order_unstable": {"policy": "tie"}}, "duplicate"])
    assert list(filters.all(everything, workers=2)) == list(filters.all(everything))


def _id(judged: JudgedPair) -> str:
    return judged.pair.id
