from dataclasses import replace
from pathlib import Path

import pytest

from synth.domain import JudgedPair
from synth.errors import BarError, ConfigError
from synth.run import tables
from synth.run.audit import audit_finished, together
from synth.run.folder import RunFolder
from synth.teacher.progress import Counts
from tests.filters.judged import AB, BA, A, B, compared, judged, numbered
from tests.run.test_tables import judgment_rows


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run without a config, as one that was imported may be: right about two pairs, wrong about two."""
    right, wrong = judged(compared(AB, A), compared(BA, A)), judged(compared(AB, B), compared(BA, B))
    return written(RunFolder(tmp_path), [right, right, wrong, wrong])


def written(folder: RunFolder, pairs: list[JudgedPair]) -> RunFolder:
    labelled = [replace(one, pair=replace(one.pair, human_label=A)) for one in numbered(pairs)]
    tables.write(folder.pairs, tables.PAIRS, (tables.pair_row(one.pair) for one in labelled))
    tables.write(folder.judgments, tables.JUDGMENTS, (row for one in labelled for row in judgment_rows(one)))
    return folder


def test_a_folder_without_a_config_has_no_bar(folder: RunFolder) -> None:
    audited = audit_finished(folder)

    audited.hold_to_the_bar()
    assert audited.report.agreement["agreement"].value == 0.5
    assert audited.calls == Counts()
    with pytest.raises(BarError):
        audited.with_bar(0.75).hold_to_the_bar()


def test_the_bar_is_that_of_the_runs_own_config(folder: RunFolder) -> None:
    folder.config.write_text("audit: {require_agreement: 0.75}\n")

    with pytest.raises(BarError, match=r"agreement with the human labels is 0\.500"):
        audit_finished(folder).hold_to_the_bar()


def test_a_bar_that_is_none_is_refused(folder: RunFolder) -> None:
    folder.config.write_text("audit: {require_agreement: 75}\n")

    with pytest.raises(ConfigError, match=r"config\.yaml: audit: Input should be less than or equal to 1"):
        audit_finished(folder)


def test_calls_of_the_audit_are_not_counted_as_reused_by_the_run_after_it() -> None:
    audit, rest = Counts(answered=12, reused=4, input_tokens=120), Counts(answered=8, reused=16, input_tokens=80)

    both = together(audit, rest)

    assert (both.answered, both.reused, both.input_tokens) == (20, 4, 200)
