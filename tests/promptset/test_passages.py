"""Documents in passages."""

from hypothesis import given
from hypothesis import strategies as st

from synth.promptset.passages import MOST, passages

paragraphs = st.lists(st.integers(0, 3000).map(lambda size: ("word " * size)[:size].strip()), max_size=6)


@given(paragraphs)
def test_no_word_is_lost_and_no_passage_is_much_longer_than_a_page(parts: list[str]) -> None:
    made = passages("a.md", "\n\n".join(parts))
    assert "".join("".join(one.text.split()) for one in made) == "".join("".join(part.split()) for part in parts)
    assert all(0 < len(one.text) <= MOST * 1.2 for one in made)
    assert [one.source for one in made] == [f"a.md#{number}" for number in range(1, len(made) + 1)]


def test_a_document_of_short_paragraphs_has_many_passages() -> None:
    made = passages("a", "\n\n".join(["A short line of a long list."] * 1000))
    assert len(made) == 14
    assert {len(one.text) for one in made[:-1]} < set(range(1900, 2400))


def test_short_paragraphs_stand_together_and_a_long_one_is_cut_between_words() -> None:
    assert [one.text for one in passages("a", "One.\n\n\n\nTwo.\n")] == ["One.\n\nTwo."]
    first, second = passages("a", "tea " * 800)
    assert first.text.endswith("tea")
    assert second.text.startswith("tea")
    assert len(passages("a", "x" * 5000)) == 3
