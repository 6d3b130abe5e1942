"""The journal: what was written whole is found again, what was torn never was."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal, carried
from synth.teacher.prices import Price, Rate
from synth.teacher.progress import Progress
from synth.teacher.teacher import Teacher

text = st.text(max_size=50)


def a_request(words: str = "hello", sample: int = 0) -> Request:
    return Request(
        "model", (("system", "Judge."), ("user", words)), '{"type":"object"}', 100, {"temperature": 0}, sample
    )


REPLY = Reply("hi", "stop", 3, 1)


def test_a_reply_is_on_disk_when_put_returns(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.put(a_request(), REPLY)
    assert Journal(tmp_path).get(a_request()) == REPLY, "another reader finds it before the writer closes"
    written = [json.loads(line) for line in next(tmp_path.glob("*.jsonl")).read_text().splitlines()]
    parts = {line["part"]["id"]: line["part"]["text"] for line in written if "part" in line}
    (asked,) = (line["call"]["request"] for line in written if "call" in line)
    system, user = asked["messages"]
    assert (parts[system["part"]], user["content"]) == ("Judge.", "hello")
    assert parts[asked["schema"]["part"]] == '{"type":"object"}'


def test_a_file_says_what_all_calls_share_once(tmp_path: Path) -> None:
    for _ in range(2):
        with Journal(tmp_path) as journal:
            for number in range(5):
                journal.put(a_request(f"{number}", sample=number), REPLY)
    lines = [path.read_text().splitlines() for path in tmp_path.glob("*.jsonl")]
    assert [sum('"part":{"id"' in line for line in one) for one in lines] == [2, 2], "each file is whole by itself"


@given(words=text, reply=text, reason=text)
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, words: str, reply: str, reason: str
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    kept = Reply(reply, reason, 1, 2)
    with Journal(folder) as journal:
        journal.put(a_request(words), kept)
    assert Journal(folder).get(a_request(words)) == kept


@pytest.mark.parametrize("other", [a_request("bye"), a_request(sample=1), Request("other", (("user", "hello"),))])
def test_a_different_ask_is_not_found(tmp_path: Path, other: Request) -> None:
    with Journal(tmp_path) as journal:
        journal.put(a_request(), REPLY)
        assert journal.get(other) is None


@pytest.mark.parametrize("cut", [1, 2, 10, 100])
def test_a_torn_last_line_counts_as_never_written(tmp_path: Path, cut: int) -> None:
    with Journal(tmp_path) as journal:
        journal.put(a_request("first"), REPLY)
        journal.put(a_request("second"), REPLY)
    (path,) = tmp_path.glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])
    with Journal(tmp_path) as again:
        assert again.get(a_request("first")) == REPLY
        assert again.get(a_request("second")) is None
        again.put(a_request("second"), REPLY)
    assert len(Journal(tmp_path)) == 2, "the new writer did not append to the torn line"


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.put(a_request(), REPLY)
    (path,) = tmp_path.glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"hi"', b'"ho"'))
    assert Journal(tmp_path).get(a_request()) is None


def test_a_clock_that_goes_backwards_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for now, words in ((2_000, "first"), (1_000, "second"), (1_500, "third")):
        monkeypatch.setattr("synth.teacher.journal.time.time_ns", lambda now=now: now)
        with Journal(tmp_path) as journal:
            journal.put(a_request(words), REPLY)
    again = Journal(tmp_path)
    assert [again.get(a_request(words)) for words in ("first", "second", "third")] == [REPLY] * 3


def test_two_writers_have_a_file_each(tmp_path: Path) -> None:
    with Journal(tmp_path) as one, Journal(tmp_path) as other:
        one.put(a_request("one"), REPLY)
        other.put(a_request("other"), REPLY)
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
    assert len(Journal(tmp_path)) == 2


def test_the_key_does_not_depend_on_the_order_of_parameters() -> None:
    one = Request("m", (), "", 10, {"a": 1, "b": 2})
    other = Request("m", (), "", 10, {"b": 2, "a": 1})
    assert one.key == other.key


def test_what_an_earlier_run_has_counts_as_answered_and_is_copied(tmp_path: Path) -> None:
    earlier, own = tmp_path / "earlier", tmp_path / "own"
    with Journal(earlier) as journal:
        journal.put(a_request("one"), REPLY)
        journal.put(a_request("two"), REPLY)
    before = {path: path.read_bytes() for path in earlier.iterdir()}
    with Journal(own, Journal(earlier)) as journal:
        journal.put(a_request("three"), REPLY)
        assert journal.get(a_request("one")) == journal.get(a_request("one")) == REPLY
        assert journal.get(a_request("four")) is None
        assert not journal.has(a_request("two").key), "what is not asked for is not copied"
    assert {path: path.read_bytes() for path in earlier.iterdir()} == before
    alone = Journal(own)
    assert alone.get(a_request("one")) == REPLY, "the folder is complete by itself"
    assert [request for request, _ in alone.calls()] == [a_request("three"), a_request("one")]
    assert [request for request, _ in alone.paid()] == [a_request("three")]
    assert (carried(own), carried(earlier), carried(tmp_path / "none")) == (1, 0, 0)
    with Journal(tmp_path / "third", Journal(own)) as journal:
        assert journal.get(a_request("one")) == REPLY, "what was carried is carried on"


def test_what_an_earlier_run_has_is_paid_for_by_no_teacher(tmp_path: Path) -> None:
    """Nor does a budget that has no room stand in its way: nothing is spent."""
    with Journal(tmp_path / "earlier") as journal:
        journal.put(a_request(), REPLY)
    price, progress = Price((Rate(1.0, 1.0, 1.0),)), Progress(None)
    nobody = [Endpoint(Client("http://127.0.0.1:9/v1", Credentials("", {}), 1), 1)]

    async def ask() -> tuple[Reply | CallError, float]:
        journal = Journal(tmp_path / "own", Journal(tmp_path / "earlier"))
        budget = Budget(price, 1e-9).begin_after(journal.paid())
        teacher = Teacher.alone(nobody, journal, progress, retries=0, budget=budget)
        reply = await teacher.ask(a_request())
        await teacher.close()
        return reply, budget.spent

    for _ in range(2):
        assert asyncio.run(ask()) == (REPLY, 0.0)
    assert (progress.counts.reused, progress.counts.answered) == (2, 0)


def test_a_journal_that_cannot_take_a_copy_ends_the_run_and_raises_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path / "earlier") as journal:
        journal.put(a_request(), REPLY)
    nobody = [Endpoint(Client("http://127.0.0.1:9/v1", Credentials("", {}), 1), 1)]

    async def ask() -> Reply | CallError:
        own = Journal(tmp_path / "own", Journal(tmp_path / "earlier"))
        (tmp_path / "own").rmdir()
        teacher = Teacher.alone(nobody, own, Progress(None), retries=0)
        reply = await teacher.ask(a_request())
        await teacher.close()
        return reply

    error = asyncio.run(ask())
    assert isinstance(error, CallError)
    assert (error.kind, "the journal cannot be written" in error.message) == ("endpoint", True)
