from filters.boilerplate import Boilerplate
from synth.domain import JudgedPair, Side
from tests.filters.judged import AB, A, compared, graded, judged

STOCK = "The response is clear, concise and well structured."
OWN = [f"It forgets that the {thing} is not at all what it was asked for." for thing in "abcdefghijklmnopqrst"]


def dropped(pairs: list[JudgedPair], by: Boilerplate | None = None) -> list[int]:
    by = by or Boilerplate()
    return sorted(by.drops(dict(enumerate(map(by.note, pairs)))))


def test_critiques_that_are_only_sentences_of_many_pairs_are_dropped() -> None:
    many = [judged(graded(Side.A, 7, STOCK)) for _ in range(10)]
    assert dropped(many) == list(range(10))
    assert dropped(many[:9]) == []
    assert dropped(many, Boilerplate(rows=11)) == []


def test_slots_numbers_and_case_do_not_make_a_sentence_ones_own() -> None:
    many = [
        judged(compared(AB, A, says=f"{name} IS clear, concise and has {number} examples."))
        for number, name in enumerate(["Response 1", "Response 2"] * 5)
    ]
    assert len(dropped(many)) == 10


def test_a_sentence_of_its_own_beside_a_common_one_is_enough() -> None:
    mixed = [judged(graded(Side.A, 7, f"{STOCK} {own}")) for own in OWN]
    assert dropped(mixed) == []
    assert len(dropped(mixed, Boilerplate(share=0.25))) == len(OWN)


def test_saying_it_twice_in_one_pair_is_no_boilerplate() -> None:
    assert dropped([judged(compared(AB, A, of_a=STOCK, of_b=STOCK))] * 5) == []


def test_short_sentences_are_left_alone() -> None:
    assert dropped([judged(graded(Side.A, 7, "Well done. Good."))] * 20) == []


def test_in_a_large_set_a_sentence_must_be_more_common() -> None:
    others = [
        judged(graded(Side.A, 7, f"Number word {'x' * (n % 40)} {chr(97 + n % 26) * (n // 40 + 1)} is its own."))
        for n in range(12_000)
    ]
    assert dropped([*[judged(graded(Side.A, 7, STOCK))] * 11, *others]) == []
