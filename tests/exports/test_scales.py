import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.domain import SCALES, Scale, scale_named
from synth.exports.scales import converted, note

scales = st.sampled_from(SCALES)
TEN, FIVE, THREE, BINARY = map(scale_named, ("1-10", "1-5", "1-3", "binary"))


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (TEN, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (FIVE, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        (THREE, [1, 1, 1, 2, 2, 2, 2, 3, 3, 3]),
        (BINARY, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_ten_points_on_other_scales(to: Scale, expected: list[int]) -> None:
    assert [converted(score, TEN, to) for score in range(1, 11)] == expected


def test_halves_go_up() -> None:
    assert [converted(score, FIVE, TEN) for score in range(1, 6)] == [1, 3, 6, 8, 10]
    assert converted(7.5, TEN, TEN) == 8


@given(scales, scales, st.floats(0, 10), st.floats(0, 10))
def test_conversion_keeps_the_order_and_the_ends(of: Scale, to: Scale, one: float, other: float) -> None:
    assert (converted(of.low, of, to), converted(of.high, of, to)) == (to.low, to.high)
    found = [converted(score, of, to) for score in sorted((one, other))]
    for score, number in zip(sorted((one, other)), found, strict=True):
        assert (number is None) == (not of.holds(score))
        assert number is None or to.holds(number)
    if None not in found:
        assert found == sorted(found, key=int)  # type: ignore[arg-type]


@given(scales, st.integers(0, 10))
def test_a_whole_score_stays_on_its_own_scale(scale: Scale, score: int) -> None:
    if scale.holds(score):
        assert converted(score, scale, scale) == score
        assert note(score, score, scale, scale) == ""
