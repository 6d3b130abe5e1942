import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filters.slots import mentions
from synth.exports.augment import Doubt, relabel
from synth.exports.augment.passages import quoted
from tests.conftest import SHARED_DATA

SURE = {
    "Response 1 is better than Response 2.": "Response 2 is better than Response 1.",
    "RESPONSE 1 IS WRONG. response 2 is right.": "RESPONSE 2 IS WRONG. response 1 is right.",
    "Response 1's list is short; Response 2's is long.": "Response 2's list is short; Response 1's is long.",
    "Response one is right, response two is not.": "Response two is right, response one is not.",
    "**Response 1**: clear.\n**Response 2**: wrong.": "**Response 2**: clear.\n**Response 1**: wrong.",
    "Assistant A's answer is clear, Assistant B's is not.": "Assistant B's answer is clear, Assistant A's is not.",
    "Output (a) is better than output (b).": "Output (b) is better than output (a).",
    "The first response is right. The second response is not.": (
        "The second response is right. The first response is not."
    ),
    "The 1st answer wins over the 2nd answer.": "The 2nd answer wins over the 1st answer.",
    "Neither the first nor the second response is right.": "Neither the second nor the first response is right.",
    "The first assistant's reply is polite.": "The second assistant's reply is polite.",
    "Responses 1 and 2 get 8 and 6 points respectively.": "Responses 2 and 1 get 8 and 6 points respectively.",
    "response_1 is fine, response_2 is not.": "response_2 is fine, response_1 is not.",
    "Response #1 vs. Response #2: a draw.": "Response #2 vs. Response #1: a draw.",
    # What it says of both it says of both in either order.
    "Both 1 and 2 are right.": "Both 1 and 2 are right.",
    "Both responses are equally good.": "Both responses are equally good.",
    "Unlike the other response, Response 2 has steps.": "Unlike the other response, Response 1 has steps.",
    # Which one is the former follows from the order of the names.
    "Between Answer 1 and Answer 2, the former is right.": "Between Answer 2 and Answer 1, the former is right.",
    "The former response is right, the latter response is not.": (
        "The latter response is right, the former response is not."
    ),
    "In the latter half of Response 1 there is an error.": "In the latter half of Response 2 there is an error.",
    # What is first or numbered within a response stays.
    "In the first sentence of Response 1 step 2 is missing.": "In the first sentence of Response 2 step 2 is missing.",
    "First, Response 1 is short. Second, it is right.": "First, Response 2 is short. Second, it is right.",
    "1. Clarity: Response 1 wins.\n2. Depth: a draw of both responses.\n3. Tone: Response 2 wins.": (
        "1. Clarity: Response 2 wins.\n2. Depth: a draw of both responses.\n3. Tone: Response 1 wins."
    ),
    "1. Response 1 is short.\n2. Response 2 is long.": "1. Response 2 is short.\n2. Response 1 is long.",
    # Quotations and code stay.
    'Response 1 writes "in the second place" and errs.': 'Response 2 writes "in the second place" and errs.',
    "Response 1 is 'short', Response 2's is not.": "Response 2 is 'short', Response 1's is not.",
    "Response 1 has `f(1)`.\n```\nresponse 1\n```": None,
    "": "",
}
DOUBTFUL = {
    "The first response is right, the second one is not.": "the first or second of something",
    "The first poem rhymes.": "the first or second of something",
    "The user's first answer was wrong.": "the first or second of something",
    "Speed and cost: the former matters more than the latter.": "former or latter",
    "Response 1 is right. The latter is not.": "former or latter",
    "A is better than B.": "a bare letter",
    "The winner is B.": "a bare letter",
    "1 is better than 2.": "a bare number",
    "It is clear that 2 is better.": "a bare number",
    "[[A]]": "a bare number",
    "R1 is right.": "a bare number",
    "Option 1 is better.": "another thing with a number",
    "The better one is Model A.": "another thing with a number",
    "Response 3 is better.": "a slot that there is not",
    "Response A is right. Response 2 is wrong.": "names of several kinds",
    "Assistant 1 is right about Output 2.": "names of several kinds",
    "Response 1 answers two questions.": "a name that may count something",
    "The two responses get 8 and 6 points respectively.": "an order without names",
    "The scores are 8 vs 6.": "an order without names",
    "1. It is short.\n2. It is long.": "a list of two",
    "A) It is short.\nB) It is long.": "a list of two",
    "The previous response is better.": "a place",
    "The one on the left is better.": "a place",
    'Response 1 is "clear.': "a quotation mark without its pair",
    'He calls "Response 2" the better one.': "a slot's name in quotation marks",
    "Die erste Antwort ist besser.": "not in English",
    "第一个回答更好。": "not in English",
}


@pytest.mark.parametrize("text", SURE)
def test_names_of_slots_are_swapped_and_nothing_else(text: str) -> None:
    if SURE[text] is None:
        assert relabel(text) == Doubt("a slot's name in quotation marks", "```\nresponse 1\n```")
        assert relabel(text, [text]) == Doubt("a name in the prompt or a response", "Response 1")
    else:
        assert relabel(text) == SURE[text]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_may_speak_of_a_slot_is_left_alone(text: str) -> None:
    made = relabel(text)
    assert isinstance(made, Doubt)
    assert made.reason == DOUBTFUL[text]


def test_a_slots_name_in_a_quotation_stays_where_a_source_has_it() -> None:
    text = 'Response 1 writes "see answer 2 below" for no reason.'
    assert isinstance(relabel(text), Doubt)
    assert relabel(text, ["As I said: see answer 2 below."]) == text.replace("Response 1", "Response 2")


def test_a_name_that_the_prompt_or_a_response_has_too_is_in_doubt() -> None:
    for text, source in {
        "Response 1 is right.": "What is wrong with Response 1?",
        "Answer B is right.": "Which one?\nA) Bonn\nB) Berlin",
        "Answer 2 is right.": "1. One and one?\n2. Two and two?",
    }.items():
        assert not isinstance(relabel(text), Doubt)
        assert relabel(text, [source]) == Doubt("a name in the prompt or a response", text.split(" is")[0])


def test_a_critique_of_one_response_may_have_a_list_of_two() -> None:
    text = "1. Response 2 is short.\n2. It is right."
    assert isinstance(relabel(text), Doubt)
    assert relabel(text, compares=False) == text.replace("Response 2", "Response 1")


_PARTS = st.sampled_from(
    [
        *(text for text in (*SURE, *DOUBTFUL) if text),
        *("Response 1", "Response 2's", "the first", "second answer", "and", "the former", "(b)", "A", "2", "\n", "."),
        *('"quoted Response 1"', '"', "'", "`code 1`", "“so”", "says", "Assistant B", "better", "\n1. ", "\x00", "é"),
    ]
)
texts = st.lists(_PARTS, max_size=7).map(" ".join) | st.text(max_size=40)


@given(texts, st.booleans())
@example("Response 1 is OK", True)
def test_relabelled_twice_a_text_is_what_it_was(text: str, compares: bool) -> None:
    made = relabel(text, compares=compares)
    if isinstance(made, str):
        assert relabel(made, compares=compares) == text


@given(texts, texts)
def test_what_is_quoted_stays_as_it_is(text: str, source: str) -> None:
    made = relabel(text, [source])
    if isinstance(made, str):
        assert quoted(made)[0] == quoted(text)[0]
        assert len(made.split()) == len(text.split())


@given(texts)
def test_every_slot_that_the_filters_find_is_the_other_one_afterwards(text: str) -> None:
    made = relabel(text)
    if isinstance(made, str):
        before, after = mentions(quoted(text)[1]), mentions(quoted(made)[1])
        assert [one.slot for one in after] == [3 - one.slot for one in before]


@given(
    st.sampled_from([text for text in SURE if text and SURE[text]]), st.sampled_from([text for text in SURE if text])
)
def test_sentences_are_relabelled_each_by_itself(one: str, other: str) -> None:
    made = relabel(f"{one}\n{other}")
    if isinstance(made, str) and "former" not in other:
        assert made == f"{SURE[one]}\n{SURE[other]}"


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="recorded critiques are not here")
def test_recorded_comparisons_relabel_and_critiques_of_one_response_stay_as_they_are() -> None:
    pairs = {row["id"]: row for row in _rows("llmbar_pairs.jsonl")}
    made = []
    for row in _rows("llmbar_verdicts.jsonl"):
        if row["judge"] == "gpt-4" and row["prompting"] == "cot":
            pair = pairs[row["id"]]
            sources = [pair[name] for name in ("prompt", "response_a", "response_b")]
            made.append((row["reply_ab"], relabel(row["reply_ab"], sources)))
    sure = [(before, after) for before, after in made if isinstance(after, str)]
    assert len(made) == 419
    assert len(sure) > 410
    assert all(after == _as_it_should_be(before) for before, after in sure)
    critiques = [(row, row["combined_critique"]) for row in _rows("autoj_critiques.jsonl")]
    found = [(text, relabel(text, [row["prompt"], row["response"]], compares=False)) for row, text in critiques]
    assert sum(isinstance(after, Doubt) for _, after in found) < len(found) / 20
    assert all(after == text for text, after in found if isinstance(after, str))


def _as_it_should_be(text: str) -> str:
    """These judges say "Output (a)" and "Output (b)" and nothing else."""
    marked = text.replace("utput (a)", "utput (\0)").replace("utputs (a)", "utputs (\0)").replace("or (a)", "or (\0)")
    return marked.replace("(b)", "(a)").replace("(\0)", "(b)")


def _rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (SHARED_DATA / name).read_text(encoding="utf-8").splitlines()]
