from synth.exports.composition import Composition
from synth.run.funnel import Funnel
from synth.run.remarks import remarks


def said(funnel: Funnel, composition: Composition | None = None) -> str:
    return " ".join(remarks(funnel, composition or Composition(), 3))


def of(kept: int, **dropped: int) -> Funnel:
    funnel = Funnel(list(dropped), kept=kept)
    for name, count in dropped.items():
        for _ in range(count):
            funnel.drop(name, f"a reason of {name}")
    return funnel


def test_where_nothing_is_kept_the_filter_that_dropped_most_is_named() -> None:
    found = said(of(0, order_unstable=1, boilerplate=7))
    assert "dropped by `boilerplate`: 7 of 8 (7 a reason of boilerplate)." in found
    assert "`filters: minimal` would keep 3" in found
    assert "stronger teacher" not in found, "it would write the same of rows that are alike"
    assert "stronger teacher" in said(of(0, order_unstable=7, boilerplate=1))


def test_verdicts_that_are_all_alike_and_slots_that_win_twice_are_remarked() -> None:
    alike = Composition(both_orders=10)
    alike.verdicts.update({"tie": 9, "a": 1})
    assert said(of(10), alike).startswith("9 of 10 kept pairs have the same verdict, tie.")
    alike.slot_wins_twice["first"] = 5
    assert "The response shown first won in both orders of 5 of 10 pairs." in said(of(10), alike)


def test_of_a_sound_result_nothing_is_remarked() -> None:
    sound = Composition(both_orders=10)
    sound.verdicts.update({"a": 5, "b": 4, "tie": 1})
    sound.slot_wins_twice["first"] = 2
    assert said(of(10, order_unstable=2), sound) == ""
    assert said(of(2), Composition()) == ""
