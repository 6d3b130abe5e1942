"""Reply formats by name: every parser is total, and knows no difference between the responses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Scale, Side, scale_named
from synth.errors import ConfigError
from synth.parsing.formats import REPLY_FORMATS, ReplyFormat, reply_format
from tests.strategies import other_order, swapped_judgment

FORMATS = {one.name: one for one in REPLY_FORMATS}
PAIRWISE = [one for one in REPLY_FORMATS if one.pairwise]
POINTWISE = [one for one in REPLY_FORMATS if one.pointwise]

# What the formats are made of, in whatever order.
_SAID = [
    "[[A]]", "[[B]]", "[[C]]", "[[7]]", "Rating: [[3]]", "Rating: [4]", "[[A>>B]]", "[[B>A]]", "[A=B]", "8 7", "\n",
    "1", "2", "Tie", "### Reason:", "### Reference:", "[RESULT] A", "[RESULT] 4", "[RESULT]", "Score: 5", "out of 5",
    "<feedback>", "</feedback>", "<score>3</score>", "Output (a)", "Output (b) is better.",
    "So, the final decision is Response 1.", "final decision is Tie", "or", "Feedback:", "it is brief",
    '{"comparison": "c", "critique_1": "x", "critique_2": "y", "score_1": 8, "score_2": 3, "verdict": "1"}',
    '{"critique": "c", "score": 7}',
]  # fmt: skip
REPLIES = st.text() | st.lists(st.sampled_from(_SAID), max_size=5).map(" ".join)


def test_every_format_has_a_name_and_a_protocol() -> None:
    assert len(FORMATS) == len(REPLY_FORMATS)
    assert all(one.pairwise or one.pointwise for one in REPLY_FORMATS)
    assert set(FORMATS) == {
        "json", "auto-j", "mt-bench", "arena-hard", "judgelm", "pandalm", "prometheus", "flow-judge", "llmbar",
    }  # fmt: skip


@pytest.mark.parametrize("format", PAIRWISE, ids=lambda one: one.name)
@given(reply=REPLIES, order=st.sampled_from(Order))
def test_every_comparison_is_read_or_refused_with_a_reason(format: ReplyFormat, reply: str, order: Order) -> None:
    assert format.pairwise
    read = format.pairwise(reply, order)
    assert isinstance(read, PairwiseJudgment | ParseFailure)
    if isinstance(read, ParseFailure):
        assert read.reason
        assert read.raw == reply
    else:
        assert read.order is order


@pytest.mark.parametrize("format", PAIRWISE, ids=lambda one: one.name)
@given(reply=REPLIES, order=st.sampled_from(Order))
def test_the_same_reply_to_the_other_order_is_the_mirrored_judgment(
    format: ReplyFormat, reply: str, order: Order
) -> None:
    assert format.pairwise
    read, other = format.pairwise(reply, order), format.pairwise(reply, other_order(order))
    assert other == (read if isinstance(read, ParseFailure) else swapped_judgment(read))


@pytest.mark.parametrize("format", POINTWISE, ids=lambda one: one.name)
@given(reply=REPLIES, side=st.sampled_from(Side))
def test_every_grade_is_read_or_refused_and_is_the_same_for_either_response(
    format: ReplyFormat, reply: str, side: Side
) -> None:
    assert format.pointwise
    read, other = format.pointwise(reply, side), format.pointwise(reply, side.other)
    if isinstance(read, PointwiseJudgment):
        assert read.response is side
        assert other == replace(read, response=side.other)
    else:
        assert read.reason
        assert other == read


def test_our_own_json_is_held_to_the_scale_it_was_written_on() -> None:
    def graded(score: int, scale: Scale) -> object:
        parse = reply_format("json", scale).pointwise
        assert parse
        return parse(f'{{"critique": "Brief.", "score": {score}}}', Side.A)

    assert graded(7, scale_named("1-10")) == PointwiseJudgment(Side.A, 7, "Brief.")
    assert isinstance(graded(7, scale_named("1-5")), ParseFailure)


def test_an_unknown_format_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"--reply-format: unknown format 'mtbench'; did you mean 'mt-bench'\?"):
        reply_format("mtbench", scale_named("1-10"))
