"""Which row is which, whatever became of ids, orders and texts."""

from hypothesis import given
from hypothesis import strategies as st

from synth.diff import Row
from synth.diff.match import matched
from synth.domain import Side, Verdict


def row(id: str, content: str, first: Side = Side.A, verdict: Verdict | None = Verdict.A) -> Row:
    return Row(id, content.encode(), content.encode(), first, "others", verdict)


def pairs(old: list[Row], new: list[Row]) -> list[tuple[str | None, str | None]]:
    return [(one.old.id if one.old else None, one.new.id if one.new else None) for one in matched(old, new)]


def test_content_goes_before_the_id() -> None:
    """As after a row that was put in at the top of a file whose ids are the numbers of its rows."""
    old = [row("1", "tea"), row("2", "coffee")]
    new = [row("1", "water"), row("2", "tea"), row("3", "coffee")]
    assert pairs(old, new) == [(None, "1"), ("1", "2"), ("2", "3")]


def test_a_text_that_was_edited_is_found_by_its_id() -> None:
    assert pairs([row("1", "tea"), row("2", "coffee")], [row("1", "green tea")]) == [("1", "1"), ("2", None)]


def test_of_several_of_one_content_that_of_the_same_id_is_meant() -> None:
    old = [row("1", "tea"), row("2", "tea")]
    assert pairs(old, [row("2", "tea"), row("9", "tea")]) == [("2", "2"), ("1", "9")]


def test_the_verdict_of_swapped_responses_is_told_by_the_old_identities() -> None:
    for new, said in ((Verdict.B, Verdict.A), (Verdict.A, Verdict.B), (Verdict.TIE, Verdict.TIE), (None, None)):
        (found,) = matched([row("1", "tea", Side.A)], [row("x", "tea", Side.B, new)])
        assert found.swapped
        assert found.verdict is said


def test_an_edited_text_has_no_swap() -> None:
    (found,) = matched([row("1", "tea", Side.A)], [row("1", "green tea", Side.B, Verdict.B)])
    assert not found.swapped
    assert found.verdict is Verdict.B


rows = st.lists(st.builds(row, st.sampled_from("123456"), st.sampled_from("abcd"), st.sampled_from(Side)), max_size=8)


@given(rows, rows)
def test_every_row_of_both_versions_is_matched_once(old: list[Row], new: list[Row]) -> None:
    found = list(matched(old, new))
    assert [one.new for one in found if one.new] == new
    assert sorted(id(one.old) for one in found if one.old) == sorted(map(id, old))
    for one in found:
        if one.old and one.new:
            assert one.old.id == one.new.id or one.old.content == one.new.content


@given(rows)
def test_a_version_is_itself(old: list[Row]) -> None:
    assert [(one.old, one.swapped) for one in matched(old, list(old)) if one.new == one.old] == [
        (one, False) for one in old
    ]
