"""Reply formats by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing.formats import REPLY_FORMATS, ReplyFormat

FORMATS = {one.name: one for one in REPLY_FORMATS}


def test_every_format_has_a_name_of_its_own() -> None:
    assert len(FORMATS) == len(REPLY_FORMATS)
    assert "llmbar" in FORMATS


@pytest.mark.parametrize("format", REPLY_FORMATS, ids=lambda one: one.name)
@given(reply=st.text(), order=st.sampled_from(Order))
def test_every_format_reads_any_text_or_says_why_not(format: ReplyFormat, reply: str, order: Order) -> None:
    read = format.parse(reply, order)
    assert isinstance(read, PairwiseJudgment | ParseFailure)
    if isinstance(read, ParseFailure):
        assert read.reason
        assert read.raw == reply
    else:
        assert read.order is order
