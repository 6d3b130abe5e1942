from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.call import Reply, Request
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger, pieces


@given(st.lists(st.binary(min_size=1, max_size=30)), st.integers(1, 5), st.integers(1, 60))
def test_pieces_hold_every_line_once_in_order_within_both_limits(
    texts: list[bytes], most_lines: int, most_bytes: int
) -> None:
    lines = [(str(number), text) for number, text in enumerate(texts)]
    cut = list(pieces(lines, most_lines, most_bytes))
    assert [one for piece in cut for one in piece] == lines
    for piece in cut:
        assert 1 <= len(piece) <= most_lines
        assert len(piece) == 1 or sum(len(text) for _, text in piece) <= most_bytes
    for piece, following in pairwise(cut):
        size = sum(len(text) for _, text in [*piece, following[0]])
        assert len(piece) == most_lines or size > most_bytes, "no piece is smaller than it has to be"


def test_what_was_written_is_read_by_the_next_process(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    entry = ledger.made(ledger.intend("http://x/v1", "text", ["a", "b"]), "batch_7")
    assert Ledger(tmp_path).open() == [entry]
    ledger.left(entry, ["b"])
    (left,) = Ledger(tmp_path).open()
    assert (left.batch, left.keys) == ("batch_7", ("b",))
    ledger.left(entry, [])
    assert Ledger(tmp_path).open() == []


def test_an_intent_that_came_to_nothing_leaves_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.forget(ledger.intend("http://x/v1", "text", ["a"]))
    assert ledger.open() == Ledger(tmp_path).open() == []
    assert list(ledger.folder.iterdir()) == []


def test_names_are_never_the_same(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert len({ledger.intend("http://x/v1", "text", ["a"]).name for _ in range(20)}) == 20


@pytest.mark.parametrize("answered", [1, 2])
def test_a_batch_with_all_its_answers_in_the_journal_is_closed(tmp_path: Path, answered: int) -> None:
    requests = [Request("m", (("user", str(number)),)) for number in range(2)]
    Ledger(tmp_path).intend("http://x/v1", "text", [one.key for one in requests])
    with Journal(tmp_path) as journal:
        for one in requests[:answered]:
            journal.put(one, Reply("yes", "stop", 1, 1))
        ledger = Ledger(tmp_path)
        ledger.close_answered(journal)
    assert len(ledger.open()) == (0 if answered == 2 else 1)
