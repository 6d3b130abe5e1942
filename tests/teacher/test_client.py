"""What an endpoint says, whatever it is, becomes a reply that can be stored and counted, or an error."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from synth.teacher.call import Reply
from synth.teacher.client import reply

ANY: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def completion(message: Any, finish: Any, usage: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": finish}], "usage": usage}


messages = st.fixed_dictionaries({"content": st.text(st.characters(), max_size=5) | ANY}, optional={"refusal": ANY})
details = st.fixed_dictionaries({"cached_tokens": ANY})
usages = st.fixed_dictionaries(
    {}, optional={"prompt_tokens": ANY, "completion_tokens": ANY, "prompt_tokens_details": details}
)


def taken(answer: Any) -> Reply | None:
    """None where it is no reply; of what is raised here the client makes an error."""
    try:
        found = reply(answer)
    except Exception:
        return None
    return found if isinstance(found, Reply) else None


@given(ANY | st.builds(completion, messages | ANY, ANY, usages | ANY))
def test_what_is_taken_can_be_stored_and_counted(answer: Any) -> None:
    if found := taken(answer):
        for count in (found.input_tokens, found.output_tokens, found.cached_tokens):
            assert type(count) is int
            assert 0 <= count < 2**31
        (found.text + found.finish_reason).encode()


def test_numbers_that_are_no_counts_were_not_reported() -> None:
    for tokens in (-5, 10**30, "12", float("nan"), [1]):
        found = reply(completion({"content": "yes"}, "stop", {"prompt_tokens": tokens, "completion_tokens": tokens}))
        assert isinstance(found, Reply)
        assert (found.input_tokens, found.output_tokens) == (0, 0)


def test_half_a_surrogate_pair_is_stored_nowhere() -> None:
    found = reply(completion({"content": "\ud800"}, "\udfff", {}))
    assert isinstance(found, Reply)
    assert (found.text, found.finish_reason) == ("\ufffd", "\ufffd")
