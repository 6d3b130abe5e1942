import json
from dataclasses import replace
from typing import Any

from hypothesis import given

from filters.ungrounded import SIMILARITY, Ungrounded
from synth.domain import JudgedPair, Message, Pair, Side
from synth.report.example import judged_example, unjudged_example
from synth.report.facts import KEPT, Fate
from tests.filters.judged import AB, A, asked, compared, graded, judged
from tests.strategies import judged_pairs

TEA = "🍵🍵 Green tea is best served hot."
COFFEE = "Black coffee keeps you awake for hours."


def detail(one: JudgedPair) -> dict[str, Any]:
    return dict(json.loads(judged_example(one, KEPT, "", "a", SIMILARITY).detail))


def quotes(shown: dict[str, Any]) -> list[tuple[str, str]]:
    """As a browser would cut them out: its strings count in units of UTF-16."""
    units = shown["text"].encode("utf-16-le")
    return [(units[2 * start : 2 * end].decode("utf-16-le"), where) for start, end, where in shown["quotes"]]


def test_quotations_are_marked_by_where_they_are_found() -> None:
    says = (
        '🍵 It says "Green tea is best", it says "coffee keeps you awake", it says "beer is a fine drink" and it says '
        '"what shall I drink".'
    )
    shown = detail(asked(judged(graded(Side.A, 7, says)), "What shall I drink tonight?", TEA, COFFEE))
    assert quotes(shown["alone"]["a"]["critique"]) == [
        ("Green tea is best", "response"),
        ("coffee keeps you awake", "other"),
        ("beer is a fine drink", "nowhere"),
        ("what shall I drink", "context"),
    ]


def test_the_same_quotation_twice_is_marked_twice() -> None:
    says = 'It says "Green tea is best" and again it says "Green tea is best".'
    shown = detail(asked(judged(compared(AB, A, says=says)), "Tea?", TEA, COFFEE))["orders"]["ab"]["comparison"]
    starts = [start for start, _, _ in shown["quotes"]]
    assert starts == [says.index('"') + 1, says.rindex('"', 0, -2) + 1]


@given(judged_pairs())
def test_what_the_filter_objects_to_is_marked(one: JudgedPair) -> None:
    marked = [where for said in _texts(detail(one)) if isinstance(said, dict) for _, _, where in said.get("quotes", [])]
    assert bool({"other", "nowhere"} & set(marked)) == (Ungrounded()(one) is not None)


def _texts(value: Any) -> list[Any]:
    if isinstance(value, dict) and "text" not in value:
        return [one for inner in value.values() for one in _texts(inner)]
    return [one for inner in value for one in _texts(inner)] if isinstance(value, list) else [value]


def test_very_long_texts_are_cut_and_say_so() -> None:
    one = judged(graded(Side.A, 7, "fine"))
    long = replace(one, pair=replace(one.pair, response_a="x" * 30_000))
    assert detail(long)["a"] == {"text": "x" * 20_000, "more": 10_000}
    assert detail(long)["lengths"] == [30_000, 3]


def test_rows_that_were_never_judged_are_shown_as_they_came() -> None:
    aside = Fate("input", "unreadable row")
    shown = json.loads(unjudged_example(None, aside, "rows.jsonl:3: prompt is empty", '{"prompt": ""}').detail)
    assert (shown["raw"], shown["why"]) == ('{"prompt": ""}', "rows.jsonl:3: prompt is empty")
    pair = Pair("p", (Message("user", "q"),), "same", "same", "others")
    assert json.loads(unjudged_example(pair, aside, "", "").detail)["a"] == "same"
