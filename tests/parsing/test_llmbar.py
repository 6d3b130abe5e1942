import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from synth.domain import Order, PairwiseJudgment, ParseFailure, Verdict
from synth.parsing.llmbar import Claim, find_verdict, parse
from synth.parsing.slots import verdict_of_slot

VERDICTS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "llmbar_verdicts.jsonl"

NO_WINNER = "names no output"
CONTRADICTION = "contradicts itself"
TIE = "declares a tie"

# Each case is written for slot 1; `rename` gives its twin for slot 2.
FIRST_WINS = {
    "a name alone": "Output (a)",
    "a name alone, dressed up": "  **Output (A)**.\n",
    "a name alone on the first line": "Output (a)\n\nIt keeps to the point.",
    "a name alone on the last line": "The second one rambles.\n\nOutput (a)",
    "stated first": "Output (a) is better.\n\nOutput (b) forgets the date.",
    "stated last": "Output (b) forgets the date. Therefore, Output (a) is better.",
    "with a reason": "Output (a) is better because it counts to ten, as it was told to.",
    "than the other": "All in all, Output (a) is clearly better than Output (b).",
    "for the task": "Output (a) is the better choice for the given instruction.",
    "in other words": "Hence Output (a) is superior.",
    "stands out": "Output (a) stands out as the better option.",
    "the better one is": "The better output for this question is Output (a).",
    "makes it": "The missing unit makes Output (a) the better answer.",
    "the verdict is": "Final verdict: Output (a)",
    "I choose": "I would choose Output (a) because it is brief.",
    "in bold": "So **Output (a) is better**.",
    "against an opinion": "Assistant (b) argues that Output (b) is better. I conclude that Output (a) is better.",
    "with an opinion": "I agree with Assistant (a) that Output (a) is better.",
    "after opinions": "After what Assistant (a) and Assistant (b) wrote, it is clear that Output (a) is better.",
    "a concluded opinion": "It can be concluded that Output (a) is better.",
    "praise for the other": "Output (b) is better at rhyming. Still, Output (a) is better.",
    "the other denied": "Output (a) is better. Output (b) is not better.",
    "an if that is no condition": "The prompt asks if it rains, so Output (a) is better.",
    "a condition conceded": "Even if neither is perfect, Output (a) is better.",
    "headings": "Output (a)\nShort.\n\nOutput (b)\nLong.\n\nTherefore, Output (a) is better.",
}

NOBODY_WINS = {
    "nothing": ("", "empty"),
    "blanks": (" \n", "empty"),
    "only markdown": ("**", "empty"),
    "another matter": ("Knight to f3.", NO_WINNER),
    "description": ("Output (a) is short. Output (b) is long.", NO_WINNER),
    "cut off": ("Both have merits. Therefore, Output (a)", NO_WINNER),
    "headings alone": ("Output (a)\nShort.\nOutput (b)\nLong.", NO_WINNER),
    "one aspect": ("Output (a) is better at rhyming.", NO_WINNER),
    "one aspect, named": ("Output (a) is better in terms of tone.", NO_WINNER),
    "a better something": ("Output (a) is a better summary.", NO_WINNER),
    "better suited": ("Output (a) is better suited to children.", NO_WINNER),
    "denied": ("Output (a) is not better.", NO_WINNER),
    "denied before": ("This does not mean that Output (a) is better.", NO_WINNER),
    "disagreed with": ("I disagree that Output (a) is better.", NO_WINNER),
    "reported": ("Assistant (a) argues that Output (a) is better.", NO_WINNER),
    "reported after a clause": ("Assistant (b), though brief, claims that for once Output (a) is better.", NO_WINNER),
    "arguable": ("It could be argued that Output (a) is better.", NO_WINNER),
    "conditional": ("If brevity counts, Output (a) is better.", NO_WINNER),
    "conditional after": ("Output (a) is better, but only if brevity counts.", NO_WINNER),
    "in question": ("It is hard to tell whether Output (a) is better.", NO_WINNER),
    "neither": ("Neither Output (a) nor Output (b) is better.", TIE),
    "either": ("The better output is Output (a) or Output (b).", NO_WINNER),
    "tie": ("Both Output (a) and Output (b) are equally good.", TIE),
    "tie, softened": ("Both are equally good and either can be called the better output.", TIE),
    "contradiction": ("Output (a) is better. It is short. Therefore, Output (b) is better.", CONTRADICTION),
    "contradicting name": ("Output (a)\n\nOutput (b) is better because it is short.", CONTRADICTION),
}


def rename(text: str) -> str:
    """The same text with the names of the outputs, and of the assistants, exchanged."""
    return re.sub(r"\(([abAB])\)", lambda match: f"({match[1].translate(str.maketrans('abAB', 'baBA'))})", text)


def other(verdict: Verdict) -> Verdict:
    return Verdict.B if verdict is Verdict.A else Verdict.A


@pytest.mark.parametrize("reply", FIRST_WINS.values(), ids=FIRST_WINS)
def test_a_stated_winner_is_read_by_identity(reply: str) -> None:
    assert parse(reply, Order.AB) == PairwiseJudgment(Order.AB, Verdict.A, comparison=reply.strip())
    assert parse(reply, Order.BA) == PairwiseJudgment(Order.BA, Verdict.B, comparison=reply.strip())
    twin = parse(rename(reply), Order.AB)
    assert isinstance(twin, PairwiseJudgment)
    assert twin.verdict is Verdict.B


@pytest.mark.parametrize(("reply", "reason"), NOBODY_WINS.values(), ids=NOBODY_WINS)
def test_a_reply_without_one_winner_is_a_failure_with_its_reason(reply: str, reason: str) -> None:
    for order in Order:
        for text in (reply, rename(reply)):
            failure = parse(text, order)
            assert isinstance(failure, ParseFailure)
            assert reason in failure.reason
            assert failure.raw == text


def test_the_verdict_is_read_from_a_sentence_that_can_be_shown() -> None:
    assert find_verdict("Output (a) rambles. Therefore, Output (b) is better.") == Claim(
        2, "Therefore, Output (b) is better."
    )


def test_a_slot_is_the_response_shown_in_it() -> None:
    assert [verdict_of_slot(slot, order) for order in Order for slot in (1, 2)] == ["a", "b", "b", "a"]


WHOLE = [*FIRST_WINS.values(), *(reply for reply, _ in NOBODY_WINS.values())]
PIECES = ["Output (a)", "Output (b)", "Assistant (b)", "is", "not", "better", "because", "if", "argues that", ".", "\n"]
replies = st.one_of(
    st.text(),
    st.lists(st.sampled_from(WHOLE), max_size=3).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
)


@given(replies, st.sampled_from(Order))
@example("Output (a) is better. " * 500, Order.BA)
@example("Assistant (a) argues that " * 500 + "Output (a) is better", Order.AB)
def test_every_text_is_read_or_refused(reply: str, order: Order) -> None:
    parsed = parse(reply, order)
    if isinstance(parsed, ParseFailure):
        assert parsed.reason
        assert parsed.raw == reply
    else:
        assert parsed.order is order
        assert parsed.verdict is not Verdict.TIE
        assert parsed.comparison == reply.strip()


@given(replies)
def test_the_other_order_gives_the_other_verdict(reply: str) -> None:
    ab, ba = parse(reply, Order.AB), parse(reply, Order.BA)
    if isinstance(ab, PairwiseJudgment) and isinstance(ba, PairwiseJudgment):
        assert ba.verdict is other(ab.verdict)
    else:
        assert ab == ba


@given(replies)
def test_exchanged_names_give_the_other_verdict(reply: str) -> None:
    one, two = parse(reply, Order.AB), parse(rename(reply), Order.AB)
    if isinstance(one, PairwiseJudgment) and isinstance(two, PairwiseJudgment):
        assert two.verdict is other(one.verdict)
    else:
        assert isinstance(one, ParseFailure)
        assert isinstance(two, ParseFailure)
        assert one.reason == two.reason


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded reply, what the record says of it and what the parser does."""

    where: str
    judge: str
    reply: str
    order: Order
    recorded: Verdict | None
    parsed: Verdict | None
    evidence: str

    def __str__(self) -> str:
        names = f"recorded {self.recorded or 'none'}, parsed {self.parsed or 'failure'}"
        return f"{self.where} {self.judge} {self.order}: {names}: {self.evidence}"


def row(record: dict[str, str | None], order: Order) -> Row | None:
    reply, recorded = record.get(f"reply_{order}"), record[f"verdict_{order}"]
    if reply is None:
        return None
    judgment, found = parse(reply, order), find_verdict(reply)
    return Row(
        where=str(record["id"]),
        judge=f"{record['judge']} {record['prompting']}",
        reply=reply,
        order=order,
        recorded=Verdict(recorded) if recorded else None,
        parsed=judgment.verdict if isinstance(judgment, PairwiseJudgment) else None,
        evidence=found.sentence if isinstance(found, Claim) else found.reason,
    )


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    if not VERDICTS.exists():
        pytest.skip(f"the recorded replies are not here: {VERDICTS} does not exist")
    with VERDICTS.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [found for record in records for order in Order if (found := row(record, order))]


def plainly_stated(reply: Row) -> set[Verdict]:
    """Who a reply calls better in the prompts' own words, found without the parser, by plain search.

    A sentence that names an assistant may tell of an opinion, so it is passed over.
    """
    sentences = [s for line in reply.reply.split("\n") for s in line.split(". ") if "Assistant (" not in s]
    shown = {"a": Verdict.A, "b": Verdict.B} if reply.order is Order.AB else {"a": Verdict.B, "b": Verdict.A}
    return {shown[name] for name in "ab" if any(f"Output ({name}) is better" in sentence for sentence in sentences)}


def report(title: str, some: list[Row], total: int, record_property: Callable[[str, object], None]) -> None:
    """Kept as a property of the test, which conftest.py prints at the end."""
    counts = ", ".join(f"{count} {judge}" for judge, count in Counter(each.judge for each in some).most_common())
    record_property(f"{title} of {total} replies ({counts or 'none'})", [str(each) for each in some])


def test_recorded_replies_are_read_as_recorded_but_for_one_in_a_hundred(
    rows: list[Row], record_property: Callable[[str, object], None]
) -> None:
    named = [each for each in rows if each.recorded]
    failed = [each for each in named if each.parsed is None]
    differing = [each for each in named if each.parsed not in (None, each.recorded)]
    report("differing", differing, len(rows), record_property)
    report("failed", failed, len(rows), record_property)
    assert len(failed) + len(differing) <= len(rows) / 100


def test_where_parser_and_record_differ_the_reply_plainly_states_the_parsed_winner(rows: list[Row]) -> None:
    differing = [each for each in rows if each.recorded and each.parsed not in (None, each.recorded)]
    assert [str(each) for each in differing if plainly_stated(each) != {each.parsed}] == []


def test_a_recorded_winner_is_refused_only_where_the_reply_plainly_states_none_or_both(rows: list[Row]) -> None:
    failed = [each for each in rows if each.recorded and each.parsed is None]
    assert [str(each) for each in failed if len(plainly_stated(each)) == 1] == []


def test_a_reply_recorded_as_naming_no_winner_is_read_only_where_it_plainly_names_one(
    rows: list[Row], record_property: Callable[[str, object], None]
) -> None:
    unnamed = [each for each in rows if each.recorded is None]
    read = [each for each in unnamed if each.parsed]
    report("read without a recorded winner", read, len(unnamed), record_property)
    assert [str(each) for each in read if plainly_stated(each) != {each.parsed}] == []
