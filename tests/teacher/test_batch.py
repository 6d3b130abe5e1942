"""A teacher behind a Batch API, over real HTTP: joined by what was asked, nothing lost, nothing paid twice."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from synth.teacher.batch import BatchTeacher
from synth.teacher.batch_client import BatchClient, line
from synth.teacher.batch_desk import Pace
from synth.teacher.budget import Budget
from synth.teacher.call import CallError, Reply, Request
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.ledger import Ledger
from synth.teacher.prices import Price, Rate
from synth.teacher.progress import Progress
from synth.teacher.progress import read as read_progress
from synth.teacher.teacher import Teacher
from tests.conftest import StandIn

QUICK = Pace(quiet=0.05, poll=0.02, slowest=0.1, grace=0.5, patience=3)
NAMES = [f"answer {number}" for number in range(8)]


def request(name: str) -> Request:
    """The stand-in's reply to it quotes the name."""
    words = (("system", "Judge."), ("user", f"<response>\n{name}\n</response>"))
    return Request("stand-in", words, '{"properties": {"criteria": {"properties": {}}}}')


def quoted(outcome: Reply | CallError) -> str:
    return outcome.text.split("'")[1] if isinstance(outcome, Reply) else f"{outcome.kind}: {outcome.message}"


def using(
    base_url: str,
    folder: Path,
    do: Callable[[BatchTeacher], Awaitable[Any]],
    *,
    key: str = "NO_KEY",
    http_retries: int = 0,
    **more: Any,
) -> Any:
    async def run() -> Any:
        calls = folder / "calls"
        teacher = BatchTeacher(
            BatchClient(base_url, Credentials(key), timeout=5, retries=http_retries),
            Journal(calls),
            Ledger(calls),
            Progress(folder / "progress.json"),
            **{"retries": 2, "pace": QUICK} | more,
        )
        try:
            return await do(teacher)
        finally:
            await teacher.close()

    return asyncio.run(asyncio.wait_for(run(), 30))


def ask(standin: StandIn, folder: Path, names: list[str], **more: Any) -> list[str]:
    async def do(teacher: BatchTeacher) -> list[Reply | CallError]:
        return list(await asyncio.gather(*(teacher.ask(request(name)) for name in names)))

    return [quoted(one) for one in using(standin.base_url, folder, do, **more)]


def stop_when(condition: Callable[[], bool]) -> Callable[[], bool]:
    end = time.monotonic() + 10
    return lambda: condition() or time.monotonic() > end


def open_batches(folder: Path) -> int:
    return len(Ledger(folder / "calls").open())


def test_results_that_come_in_another_order_go_to_whoever_asked(standin: StandIn, tmp_path: Path) -> None:
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8]
    assert open_batches(tmp_path) == 0
    counts = read_progress(tmp_path / "progress.json")
    assert (counts.answered, counts.failed, counts.output_tokens > 0) == (8, 0, True)


def test_a_batch_brings_what_live_calls_bring(standin: StandIn, tmp_path: Path) -> None:
    async def live() -> list[Reply | CallError]:
        endpoint = Endpoint(Client(standin.base_url, Credentials("NO_KEY"), timeout=5), 2)
        teacher = Teacher.alone([endpoint], Journal(tmp_path / "live"), Progress(None))
        outcomes = list(await asyncio.gather(*(teacher.ask(request(name)) for name in NAMES)))
        await teacher.close()
        return outcomes

    async def batched(teacher: BatchTeacher) -> list[Reply | CallError]:
        return list(await asyncio.gather(*(teacher.ask(request(name)) for name in NAMES)))

    assert using(standin.base_url, tmp_path, batched) == asyncio.run(live())


def test_what_was_answered_is_not_sent_again(standin: StandIn, tmp_path: Path) -> None:
    assert ask(standin, tmp_path, NAMES[:3]) == NAMES[:3]
    assert ask(standin, tmp_path, NAMES[:5]) == NAMES[:5]
    assert standin.batches()["rows"] == [3, 2]


def test_the_same_ask_twice_at_once_is_one_row(standin: StandIn, tmp_path: Path) -> None:
    assert ask(standin, tmp_path, ["one", "one", "two"]) == ["one", "one", "two"]
    assert standin.batches()["rows"] == [2]


@pytest.mark.parametrize(
    "order",
    [{"drop": 3}, {"expire": 3}, {"fail": {"status": 500, "message": "x", "times": 3}}],
    ids=["missing", "expired", "failed"],
)
def test_rows_without_an_answer_go_out_again_and_only_those(
    standin: StandIn, tmp_path: Path, order: dict[str, Any]
) -> None:
    standin.control_batches(**order)
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8, 3]
    assert standin.count()["paid"] == 8


def test_a_row_that_never_gets_an_answer_is_an_error_in_the_end(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(drop=100)
    (outcome,) = ask(standin, tmp_path, ["one"])
    assert outcome.startswith("transient: batch batch_2 brought nothing")
    assert standin.batches()["rows"] == [1, 1, 1], "once, and again twice"


def test_a_row_that_is_refused_for_good_touches_no_other(standin: StandIn, tmp_path: Path) -> None:
    refused, *others = ask(standin, tmp_path, ["[too long]", *NAMES])
    assert refused.startswith("request: 400: This model's maximum context length")
    assert others == NAMES
    assert standin.batches()["rows"] == [9]


def test_a_row_that_tells_of_an_empty_quota_ends_it_but_loses_no_reply(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(fail={"status": 403, "message": "no access", "times": 1})
    outcomes = ask(standin, tmp_path, NAMES)
    assert outcomes.count("endpoint: 403: no access") == 1
    assert sorted(outcomes)[:7] == sorted(set(NAMES) & set(outcomes)), "the others have their replies"
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8, 1]


def test_the_reply_mode_falls_back_for_rows_that_are_refused_for_it(standin: StandIn, tmp_path: Path) -> None:
    standin.control(no_schema=True)

    async def do(teacher: BatchTeacher) -> list[str]:
        first = [quoted(one) for one in await asyncio.gather(*(teacher.ask(request(name)) for name in NAMES[:3]))]
        return [*first, quoted(await teacher.ask(request(NAMES[3])))]

    assert using(standin.base_url, tmp_path, do) == NAMES[:4]
    assert standin.batches()["rows"] == [3, 3, 1], "the last one knows what the endpoint takes"


def test_a_reply_mode_of_the_config_is_the_only_one(standin: StandIn, tmp_path: Path) -> None:
    standin.control(no_schema=True)
    (refused,) = ask(standin, tmp_path, ["one"], mode="json_schema")
    assert refused == "request: 400: response_format json_schema is not supported"
    assert ask(standin, tmp_path, ["one"], mode="text") == ["one"]


def test_a_batch_of_another_reply_mode_is_picked_up_and_its_refused_rows_go_out_in_the_new_one(
    standin: StandIn, tmp_path: Path
) -> None:
    standin.control(no_schema=True)
    standin.control_batches(hold=True)
    ask(standin, tmp_path, NAMES, stopped=stop_when(lambda: standin.batches()["statuses"] == ["in_progress"]))
    standin.control_batches(hold=False)
    assert ask(standin, tmp_path, NAMES, mode="text") == NAMES
    assert standin.batches()["rows"] == [8, 8]


def test_files_keep_to_the_limits(standin: StandIn, tmp_path: Path) -> None:
    assert ask(standin, tmp_path, NAMES, most_requests=3) == NAMES
    assert standin.batches()["rows"] == [3, 3, 2]
    size = len(line(request(NAMES[0]), "json_schema"))
    more = [name.replace("answer", "reply ") for name in NAMES]  # as long as the others
    assert ask(standin, tmp_path, more, most_bytes=5 * size) == more
    assert standin.batches()["rows"][3:] == [5, 3]
    assert standin.batches()["bytes"][3] == 5 * size


def test_a_stop_leaves_the_batch_running_and_the_next_process_picks_it_up(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(hold=True)
    counts = tmp_path / "progress.json"
    stopped = ask(standin, tmp_path, NAMES, stopped=stop_when(lambda: read_progress(counts).batch_done == 8))
    assert (read_progress(counts).batch_done, read_progress(counts).batch_total) == (8, 8), "as the provider counts"
    assert stopped == ["stopped: stopped; the batch goes on at the provider, and the same command picks it up"] * 8
    standin.control_batches(hold=False)

    assert ask(standin, tmp_path, NAMES) == NAMES

    assert standin.batches()["rows"] == [8]
    assert standin.count()["paid"] == 8
    assert open_batches(tmp_path) == 0


def test_a_stop_before_a_batch_is_made_sends_nothing(standin: StandIn, tmp_path: Path) -> None:
    assert ask(standin, tmp_path, NAMES, stopped=lambda: True) == ["stopped: stopped"] * 8
    assert standin.batches()["files"] == 0


def test_a_batch_whose_id_never_arrived_is_found_by_its_name(
    standin: StandIn, tmp_path: Path, start_standin: Callable[..., StandIn]
) -> None:
    standin.control_batches(silent=True)
    ask(standin, tmp_path, NAMES, stopped=stop_when(lambda: standin.batches()["rows"] == [8]))
    (intent,) = Ledger(tmp_path / "calls").open()
    assert intent.batch == "", "as after a kill between the making and the writing down"
    standin.control_batches(silent=False)
    for other in ("1", "2", "3"):
        assert ask(standin, tmp_path / other, [other]) == [other], "so that it stands on another page of the list"

    assert ask(standin, tmp_path, NAMES) == NAMES

    assert standin.batches()["rows"] == [8, 1, 1, 1]


def test_a_batch_that_was_intended_and_never_made_is_sent(standin: StandIn, tmp_path: Path) -> None:
    Ledger(tmp_path / "calls").intend(standin.base_url, "json_schema", [request(name).key for name in NAMES])
    begun = time.monotonic()
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert time.monotonic() - begun > QUICK.grace, "it might still have appeared"
    assert standin.batches()["rows"] == [8]
    assert open_batches(tmp_path) == 0


@pytest.mark.parametrize("order", ["lose_answer", "drop_creation"])
def test_a_creation_without_an_answer_makes_one_batch(standin: StandIn, tmp_path: Path, order: str) -> None:
    standin.control_batches(**{order: 1})
    assert ask(standin, tmp_path, NAMES, http_retries=2) == NAMES
    assert standin.batches()["rows"] == [8], "the client's own retries would make a second one"


def test_where_no_batch_can_be_made_the_next_run_makes_it(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(drop_creation=100)
    pace = Pace(quiet=0.05, poll=0.02, grace=0.05)
    assert set(ask(standin, tmp_path, NAMES, pace=pace)) == {"endpoint: 500: try again"}
    standin.control_batches(drop_creation=0)
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8]


def test_trouble_while_polling_and_fetching_loses_nothing(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(refuse_poll=3, refuse_download=2)
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8]


def test_an_endpoint_out_of_reach_for_too_long_ends_the_wait_and_not_the_batch(
    standin: StandIn, tmp_path: Path
) -> None:
    standin.control_batches(refuse_poll=1000)
    outcomes = ask(standin, tmp_path, NAMES, pace=Pace(quiet=0.05, poll=0.02, slowest=0.05, patience=0.3))
    assert all(one.startswith("endpoint: batch batch_0: 500: try again; mend that") for one in outcomes)
    standin.control_batches(refuse_poll=0)
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8]


def test_a_batch_that_is_refused_as_a_whole_says_why_and_is_sent_by_the_next_run(
    standin: StandIn, tmp_path: Path
) -> None:
    standin.control_batches(invalid={"code": "invalid_json_line", "message": "Line 1 is odd.", "times": 1})
    assert set(ask(standin, tmp_path, NAMES)) == {"endpoint: the provider refused batch batch_0: Line 1 is odd."}
    assert ask(standin, tmp_path, NAMES) == NAMES


@pytest.mark.parametrize("most_requests", [50_000, 3])
def test_too_many_tokens_at_once_go_out_in_smaller_batches_one_after_another(
    standin: StandIn, tmp_path: Path, most_requests: int
) -> None:
    standin.control_batches(most_rows=2)
    assert ask(standin, tmp_path, NAMES, most_requests=most_requests) == NAMES
    batches = standin.batches()
    done = [rows for rows, status in zip(batches["rows"], batches["statuses"], strict=True) if status == "completed"]
    assert sum(done) == standin.count()["paid"] == 8
    assert max(done) <= 2


def test_a_request_that_is_too_much_on_its_own_is_told_in_the_providers_words(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(invalid={"code": "token_limit_exceeded", "message": "Enqueued token limit", "times": 99})
    (outcome, _) = ask(standin, tmp_path, ["one", "two"])
    assert outcome.startswith("endpoint: the provider refused batch")
    assert "Enqueued token limit" in outcome


def test_a_wrong_key_ends_it_and_is_not_told(
    start_standin: Callable[..., StandIn], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANTED_KEY", "sk-planted")
    standin = start_standin("--key", "right")
    outcomes = ask(standin, tmp_path, NAMES, key="PLANTED_KEY")
    assert set(outcomes) == {"endpoint: 401: Incorrect API key provided: [secret]"}
    assert open_batches(tmp_path) == 0
    assert read_progress(tmp_path / "progress.json").ended.startswith("401")


def test_an_open_batch_of_another_endpoint_is_not_paid_for_here(standin: StandIn, tmp_path: Path) -> None:
    Ledger(tmp_path / "calls").intend("https://elsewhere/v1", "json_schema", [request("one").key])
    (outcome,) = ask(standin, tmp_path, ["one"])
    assert "it runs at https://elsewhere/v1" in outcome
    assert "delete" in outcome
    assert standin.batches()["files"] == 0


def test_a_batch_that_is_gone_says_how_to_give_it_up(standin: StandIn, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "calls")
    entry = ledger.made(ledger.intend(standin.base_url, "json_schema", [request("one").key]), "batch_gone")
    (outcome,) = ask(standin, tmp_path, ["one"])
    assert outcome.startswith("endpoint: batch batch_gone: 404: No such batch; mend that")
    ledger.path(entry).unlink()
    assert ask(standin, tmp_path, ["one"]) == ["one"]


def test_what_nobody_asks_for_any_more_stays_to_be_had(standin: StandIn, tmp_path: Path) -> None:
    standin.control_batches(hold=True)
    ask(standin, tmp_path, NAMES, stopped=stop_when(lambda: standin.batches()["statuses"] == ["in_progress"]))
    standin.control_batches(hold=False)
    assert ask(standin, tmp_path, NAMES[:3]) == NAMES[:3]
    assert [len(entry.keys) for entry in Ledger(tmp_path / "calls").open()] == [5]
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert standin.batches()["rows"] == [8]
    assert open_batches(tmp_path) == 0


def test_a_disk_that_fills_up_in_the_middle_of_the_replies_costs_nothing(
    standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, put = [], Journal.put

    def full(self: Journal, request: Request, reply: Reply) -> None:
        if len(written) == 3:
            raise OSError("No space left on device")
        written.append(request)
        put(self, request, reply)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "put", full)
        outcomes = ask(standin, tmp_path, NAMES)
    assert set(outcomes) == {"endpoint: the journal or its ledger cannot be written: No space left on device"}
    assert ask(standin, tmp_path, NAMES) == NAMES
    assert read_progress(tmp_path / "progress.json").reused == 3
    assert standin.batches()["rows"] == [8]


def test_a_budget_holds_back_what_has_no_room_and_stops_when_nothing_has(standin: StandIn, tmp_path: Path) -> None:
    """Out of eight, three fit by their worst case; what they really cost leaves room for more, until none fits."""
    budget = Budget(Price((Rate(0.0, 1e6, 0.0),)), 3 * request("one").max_tokens)
    outcomes = ask(standin, tmp_path, NAMES, budget=budget)
    paid = standin.tokens()["output"]
    assert paid <= 3 * 2048
    assert standin.batches()["rows"][0] == 3
    answered = [one for one in outcomes if one in NAMES]
    assert len(answered) == standin.count()["paid"] == len(set(answered)) > 3
    left = [one for one in outcomes if one not in NAMES]
    assert all(one.startswith("stopped: budget_usd 6144 is reached") for one in left)
    assert len(left) == len(NAMES) - len(answered)
