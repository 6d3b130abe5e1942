"""What a preview prints: whatever the pairs hold, in columns that fit."""

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from filters import Dropped
from synth.cli.preview_text import show
from synth.domain import Failure, JudgedPair, Side, Verdict
from synth.run.choosing import How
from synth.run.preview import Preview, Sent, Shown
from synth.teacher.call import Reply
from synth.teacher.progress import Counts
from synth.teacher.usage import Usage
from tests.filters.judged import AB, BA, EVERY, A, B, asked, compared, graded, judged

FLIPPED = judged(
    compared(AB, A, 8, 4, says="The first is sounder.", of_a="Right.", of_b="Wrong."),
    compared(BA, B, 4, 8, says="Still the first.", of_a="Wrong here.", of_b="Right here."),
    graded(Side.A, 7, "Good enough.", truth=6, brevity=9),
    graded(Side.B, 3, "Poor.", truth=2, brevity=4),
)
FLIPS = Dropped("order_unstable", "verdict flips", "the response shown first wins both times")
TEXT = st.text(max_size=80)


def shown(one: JudgedPair, dropped: Dropped | None = None, how: How = How.GIVEN, system: str = "Compare.") -> Shown:
    reply, used = Reply("{}", "stop", 100, 20), Usage(100, 20)
    said = {ask: (("system", system), ("user", f"{ask.name} of it")) for ask in EVERY}
    sent = (Sent(ask, said[ask], reply, one.outcome(ask), used) for ask in EVERY)
    return Shown(one, dropped, how, "It adds.", tuple(sent), 0.002)


def printed(pairs: Sequence[Shown], *, prompts: bool = False, width: int = 100, live: bool = False) -> str:
    out = StringIO()
    preview = Preview(Path("outputs/x"), tuple(pairs), 40, "", Counts(answered=8), ("duplicate",), live=live)
    show(preview, prompts=prompts, to=Console(file=out, width=width, highlight=False))
    return out.getvalue()


def lines(text: str) -> list[str]:
    """Without the spaces that make columns."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_how_a_response_was_made_stands_beside_it() -> None:
    made = replace(FLIPPED, pair=replace(FLIPPED.pair, target_b=8.0, planted="padding", flawed=Side.A))
    said = lines(printed([shown(made, FLIPS)]))

    assert "planted flaw padding in a" in said
    assert "target 8" in said
    assert not [line for line in lines(printed([shown(FLIPPED)])) if line.startswith(("planted", "target"))]


def test_orders_responses_and_grades_stand_side_by_side_with_what_became_of_the_pair() -> None:
    said = lines(printed([shown(FLIPPED, FLIPS)]))

    for line in (
        "DROPPED by order_unstable: verdict flips (the response shown first wins both times)",
        "order ab: a is Response 1, b Response 2 order ba: b is Response 1, a Response 2",
        "verdict a is better b is better",
        "scores a 8, b 4 a 4, b 8",
        "comparison The first is sounder. Still the first.",
        "critique a Right. Wrong here.",
        "a alone b alone",
        "score 7 3",
        "truth 6: truth 2:",
        "brevity 9: brevity 4:",
        "critique Good enough. Poor.",
        "took 4 calls, 400 tokens of input, 80 of output, 0.002 USD",
        "1 of 40 pairs, of 1 scenario",
        "kept 0 of 1; 1 order_unstable: verdict flips",
        "duplicate: look at the whole set, and have their say in the run only",
    ):
        assert line in said


def test_a_settled_verdict_is_the_pairs_own() -> None:
    assert "KEPT: tie" in lines(printed([shown(replace(FLIPPED, settled=Verdict.TIE))]))


def test_what_could_not_be_read_is_shown_with_the_reply() -> None:
    unread = Failure(EVERY[0], "unreadable", "no JSON object in the reply", "Both have their merits.")
    said = lines(printed([shown(judged(unread, compared(BA, A, 8, 4)))]))

    assert "failed unreadable: no JSON object in the reply" in said
    assert "reply Both have their merits." in said
    assert "verdict a is better" in said


def test_messages_begin_short_and_stand_whole_but_once_where_asked_for() -> None:
    system = "Weigh the criteria. " * 20
    two = [shown(FLIPPED, system=system), shown(FLIPPED, system=system)]

    short, whole = printed(two), printed(two, prompts=True)

    assert "(400 characters)" in short
    assert short.count("pairwise, user") == 2
    assert whole.count("Weigh the criteria.") == 20
    assert "(the same as pair 1, pairwise ab, system)" in whole
    assert "[pointwise b, user]\npointwise b of it" in whole


def test_it_says_how_a_pair_came_by_its_scenario_and_that_calls_were_no_batch() -> None:
    assert "chosen by the teacher: It adds." in printed([shown(FLIPPED, how=How.CHOSEN)])
    assert "It adds." not in printed([shown(FLIPPED, how=How.GIVEN)])
    assert "made live, at twice the price of a batch" in printed([shown(FLIPPED)], live=True)


def test_nothing_in_a_response_is_taken_for_markup_or_moves_the_cursor() -> None:
    said = printed([shown(asked(FLIPPED, prompt=":smile: [bold]x[/bold]", a="[/] \x1b[2J\x9b2J \b\r", b="[red]b"))])

    assert ":smile: [bold]x[/bold]" in said
    assert "[red]b" in said
    assert not {"\x1b", "\x9b", "\b", "\r"} & set(said)


@given(TEXT, TEXT, TEXT, st.integers(40, 200), st.booleans())
def test_columns_fit_the_width_whatever_stands_in_them(a: str, b: str, says: str, width: int, prompts: bool) -> None:
    one = asked(judged(compared(AB, A, 8, 4, says=says), graded(Side.A, 5, says)), prompt=says, a=a, b=b)

    said = printed([shown(one, system=says)], prompts=prompts, width=width)

    assert max(map(cell_len, said.split("\n"))) <= width
