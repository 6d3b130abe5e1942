from filters.duplicate import Duplicate
from synth.domain import JudgedPair, Verdict
from tests.filters.judged import AB, BA, A, B, asked, compared, judged, numbered

PROMPT = "Write a short note to the neighbours about the summer party in the yard behind our house."
ONE = (
    "Dear neighbours, on Saturday we will have a summer party in the yard. Music ends at ten, and whoever likes to "
    "bring a cake or a salad is more than welcome. If it rains we will meet in the cellar. See you there, the Millers."
)
TWO = (
    "Hello all! Party in the yard this Saturday, from four in the afternoon. There will be a grill, so bring what you "
    "want to eat. Children are welcome, dogs too, and nobody has to dress up. We are looking forward to it."
)
THREE = "No. I would rather not write to them, as I do not know them well enough to ask such a thing of anybody at all."


def pair(prompt: str = PROMPT, a: str = ONE, b: str = TWO, verdict: Verdict = A) -> JudgedPair:
    return asked(judged(compared(AB, verdict), compared(BA, verdict)), prompt, a, b)


def kept(pairs: list[JudgedPair], by: Duplicate | None = None) -> int:
    return len(pairs) - len(reasons(pairs, by))


def reasons(pairs: list[JudgedPair], by: Duplicate | None = None) -> list[str]:
    by = by or Duplicate()
    return [drop.reason for drop in by.drops(dict(enumerate(map(by.note, numbered(pairs))))).values()]


def test_of_equal_pairs_one_stays_in_whichever_order_their_responses_are() -> None:
    assert reasons([pair(), pair(a=TWO, b=ONE, verdict=B), pair()]) == ["duplicate", "duplicate"]


def test_of_nearly_equal_pairs_one_stays() -> None:
    assert reasons([pair(), pair(a=ONE.replace("Millers", "Smiths"))]) == ["near-duplicate"]
    assert kept([pair(), pair(a=ONE.replace("Millers", "Smiths"))], Duplicate(similarity=1.0)) == 2


def test_pairs_of_one_prompt_with_other_responses_stay() -> None:
    assert kept([pair(), pair(b=THREE), pair(a=THREE)]) == 3


def test_the_same_responses_to_another_prompt_stay() -> None:
    assert kept([pair(), pair(prompt="Which of the two notes here would you hang on the wall?")]) == 2


def test_short_pairs_that_differ_in_a_word_stay() -> None:
    assert kept([pair("Capital of France?", "Paris", "Lyon"), pair("Capital of Spain?", "Madrid", "Lyon")]) == 2


def test_the_detail_names_the_pair_that_stays() -> None:
    by, pairs = Duplicate(), numbered([pair(), pair()])
    ((place, drop),) = by.drops(dict(enumerate(map(by.note, pairs)))).items()
    assert drop.detail == f"like the pair '{1 - place}'"


def test_nothing_is_dropped_of_an_empty_set() -> None:
    assert Duplicate().drops({}) == {}
