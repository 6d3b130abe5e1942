import pytest

from synth.domain import SCALES, Scale, scale_named


def test_the_scales_are_those_of_the_config() -> None:
    assert [(scale.name, scale.low, scale.high) for scale in SCALES] == [
        ("1-10", 1, 10),
        ("1-5", 1, 5),
        ("1-3", 1, 3),
        ("binary", 0, 1),
    ]


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_a_scale_holds_its_ends_and_nothing_beyond(scale: Scale) -> None:
    assert scale.holds(scale.low)
    assert scale.holds(scale.high)
    assert not scale.holds(scale.low - 1)
    assert not scale.holds(scale.high + 0.5)


def test_a_scale_is_found_by_its_name_only() -> None:
    assert scale_named("binary").high == 1
    with pytest.raises(KeyError):
        scale_named("1-7")
