from filters import Dropped
from synth.domain import (
    Ask,
    Failure,
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.run.examples import Gallery, show

FLIPS = Dropped("order_unstable", "verdict flips", "the response shown first wins both times")
EMPTY = Dropped("malformed", "empty", "pairwise ab: the reply is empty")


def named(name: str) -> JudgedPair:
    return JudgedPair(
        Pair(name, (Message("user", "q"),), "one", "two", "others"),
        (PairwiseJudgment(Order.AB, Verdict.A, 9, 3.5, "a is better"), PointwiseJudgment(Side.B, 2, "poor")),
    )


def chosen(size: int, *seen: tuple[str, Dropped | None]) -> list[str]:
    gallery = Gallery(size)
    for name, dropped in seen:
        gallery.see(named(name), dropped)
    return [text.split()[0] for text in gallery.chosen()]


def test_a_kept_pair_and_each_reason_are_shown_before_any_repeats() -> None:
    seen = [("flip1", FLIPS), ("flip2", FLIPS), ("empty1", EMPTY), ("kept1", None), ("kept2", None), ("flip3", FLIPS)]
    assert chosen(1, *seen) == ["kept1"]
    assert chosen(3, *seen) == ["kept1", "flip1", "empty1"]
    assert chosen(5, *seen) == ["kept1", "flip1", "empty1", "kept2", "flip2"]


def test_no_more_are_shown_than_were_seen() -> None:
    assert chosen(3, ("flip1", FLIPS)) == ["flip1"]
    assert chosen(3) == []


def test_an_example_shows_the_pair_and_all_that_was_said_of_it() -> None:
    failure = Failure(Ask(Protocol.PAIRWISE, order=Order.BA), "unreadable", "no JSON object", raw="Hmm.\nTea?")
    pair = named("p")
    lines = show(JudgedPair(pair.pair, pair.judgments, (failure,)), FLIPS).split("\n")
    assert [" ".join(line.split()) for line in lines] == [
        "p [others] DROPPED by order_unstable: verdict flips (the response shown first wins both times)",
        "prompt q",
        "response a one",
        "response b two",
        "ab shown a (a 9, b 3.5): a is better",
        "b alone 2: poor",
        "reply Hmm. Tea?",
    ]


def test_a_kept_example_says_its_verdict() -> None:
    assert show(named("p"), None).startswith("p [others] KEPT: a\n")


def test_long_text_is_cut_to_a_line() -> None:
    pair = Pair("p", (Message("user", "word " * 500),), "\u8336" * 900, "a\nb\n\nc", "others")
    lines = show(JudgedPair(pair), None).split("\n")
    assert len(lines) == 4
    assert max(map(len, lines)) < 125
    assert lines[1].endswith(" ...")
    assert lines[2].endswith("\u8336\u8336 ...")
    assert lines[3].split() == ["response", "b", "a", "b", "c"]


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    pair = Pair("p\x1b[2J\n", (Message("user", "\x1b]0;title\x07q"),), "\x9b31mone", "two\u202eowt", "others")
    text = show(JudgedPair(pair), None)
    assert text.replace("\n", "").isprintable()
    assert "\\x1b[2J" in text
    assert len(text.split("\n")) == 4
