"""The share of kept pairs beside the progress: what the filters say, once a pair is whole."""

from typing import Any

from filters import chosen
from synth.domain import Protocol, asks
from synth.engine.kept_share import KeptShare
from synth.rows import columns

PAIR = {"prompt": "Say which.", "response_a": "It is one thing.", "response_b": "It is another thing."}


def answers(name: str, verdicts: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            **PAIR,
            "id": name,
            **columns.ask_row(ask),
            **columns.NO_JUDGMENT,
            "failure": "",
            "reply": "",
            "verdict": verdict,
        }
        for ask, verdict in zip(asks((Protocol.PAIRWISE,)), verdicts, strict=True)
    ]


def test_a_pair_counts_when_all_its_answers_are_there() -> None:
    share = KeptShare(chosen(["order_unstable"]), asks=2)
    first, second = answers("one", ("a", "a"))
    flipped = answers("two", ("a", "b"))
    share.see(first)
    share.see(flipped[0])
    assert share.looked_at == 0
    share.see(second)
    share.see(flipped[1])
    assert (share.looked_at, share.kept) == (2, 1)


def test_of_many_pairs_one_in_twenty_is_looked_at() -> None:
    share = KeptShare(chosen(["order_unstable"]), asks=2)
    for number in range(250):
        for row in answers(str(number), ("b", "b")):
            share.see(row)
    assert share.looked_at == share.kept == 50 + 10
