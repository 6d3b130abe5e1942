"""Tokens of a call: reported ones are taken as they are, missing ones are estimated and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.call import Reply, Request
from synth.teacher.usage import Usage, most_output, size, used

ASKED = Request("m", (("system", "Judge."), ("user", "né" * 17)), '{"type": "object"}')


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 10**7))
def test_what_the_endpoint_reports_is_taken_and_cached_tokens_are_part_of_the_input(i: int, o: int, c: int) -> None:
    assert used(ASKED, Reply("text", "stop", i, o, c)) == Usage(i, o, min(c, i))


def test_an_endpoint_that_reports_nothing_has_its_texts_counted() -> None:
    assert size(ASKED) == len("Judge.") + 3 * 17 + len('{"type": "object"}')
    estimated = used(ASKED, Reply("x" * 41, "stop", 0, 0))
    assert estimated == Usage(19, 11, reported=False), "four bytes a token, rounded up"


def test_half_a_report_is_filled_up_and_marked() -> None:
    assert used(ASKED, Reply("x" * 41, "stop", 7, 0)) == Usage(7, 11, reported=False)
    assert used(ASKED, Reply("", "content_filter", 7, 0)) == Usage(7, 0), "an empty reply has no tokens"


@pytest.mark.parametrize(
    ("parameters", "most"),
    [
        ({}, 2048),
        ({"temperature": 0}, 2048),
        ({"max_tokens": 100}, 100),
        ({"max_completion_tokens": 9000}, 9000),
        ({"max_tokens": None}, 2048),
    ],
)
def test_the_longest_reply_is_what_the_request_allows(parameters: dict[str, int | None], most: int) -> None:
    assert most_output(Request("m", (), "", 2048, dict(parameters))) == most
