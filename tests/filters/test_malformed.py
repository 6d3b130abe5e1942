import pytest

from filters import Drop
from filters.malformed import Malformed
from synth.domain import Ask, Failure, Judgment, Side
from tests.filters.judged import AB, BA, EVERY, A, asked, compared, graded, judged
from tests.strategies import REASONS


def test_a_pair_of_which_every_ask_brought_a_judgment_is_kept() -> None:
    assert Malformed()(judged(compared(AB, A), compared(BA, A), graded(Side.A, 7), graded(Side.B, 3))) is None


@pytest.mark.parametrize("ask", EVERY, ids=lambda ask: ask.name)
@pytest.mark.parametrize("reason", REASONS)
def test_one_judgment_missing_is_enough_to_drop_a_pair(ask: Ask, reason: str) -> None:
    failure = Failure(ask, reason, "what happened", raw="{")
    found = Malformed()(judged(compared(AB, A), compared(BA, A), failure))
    assert found == Drop(reason, f"{ask.name}: what happened")


def test_a_pair_that_was_not_judged_is_dropped() -> None:
    assert Malformed()(judged()) == Drop("not judged", "no judgment of this pair")


def test_of_two_reasons_the_same_counts_in_whichever_order_they_came() -> None:
    first, second = EVERY[:2]
    assert Malformed()(judged(Failure(first, "empty", "x"), Failure(second, "unreadable", "y"))) == Drop(
        "empty", "pairwise ab: x"
    )
    assert Malformed()(judged(Failure(first, "unreadable", "x"), Failure(second, "empty", "y"))) == Drop(
        "empty", "pairwise ba: y"
    )


REFUSALS = (
    "I'm sorry, but I can't compare these responses.",
    "I cannot assist with that.",
    "As an AI language model, I am unable to provide a judgment.",
    "Sorry, I won\u2019t evaluate this.",
)


@pytest.mark.parametrize("words", REFUSALS)
def test_a_refusal_counts_as_one_whatever_the_endpoint_called_it(words: str) -> None:
    unread = Failure(EVERY[0], "unreadable", "no JSON object", raw=words)
    assert Malformed()(judged(unread)) == Drop("refused", "pairwise ab: no JSON object")
    for one in (compared(AB, A, says=words, of_a="Good.", of_b="Bad."), graded(Side.A, 5, words)):
        found = Malformed()(judged(one))
        assert isinstance(found, Drop)
        assert found.reason == "refused"


@pytest.mark.parametrize(
    "words",
    [
        "The response says that it cannot help with that, which is right.",
        'It says only: "I am sorry, I cannot help".',
        "I cannot find a fault in it.",
    ],
)
def test_words_about_a_refusal_are_none(words: str) -> None:
    assert Malformed()(judged(graded(Side.A, 5, words))) is None
    unread = Failure(EVERY[0], "unreadable", "no JSON object", raw=words)
    assert Malformed()(judged(unread)) == Drop("unreadable", "pairwise ab: no JSON object")


@pytest.mark.parametrize(
    "outcomes",
    [
        (compared(AB, A, of_a="It answers."),),
        (compared(AB, A, says="It is better."), compared(BA, A)),
        (graded(Side.A, 7, "Fine."), graded(Side.B, 7, " ")),
    ],
)
def test_a_response_that_is_judged_without_a_word_beside_words_is_dropped(outcomes: tuple[Judgment, ...]) -> None:
    found = Malformed()(judged(*outcomes))
    assert isinstance(found, Drop)
    assert found.reason == "empty critique"


def test_formats_without_words_are_kept_unless_told_otherwise() -> None:
    bare = judged(compared(AB, A, says="Output (a)"), compared(BA, A), graded(Side.A, 7), graded(Side.B, 3))
    assert Malformed()(bare) is None
    assert Malformed(bare="drop")(bare) is not None


ENGLISH = (
    "The response answers the question in full and gives a good example for each of the three points that were raised, "
    "but it could be shorter, and the last paragraph repeats what was said before."
)
GERMAN = (
    "Die Antwort geht auf alle Fragen ein und nennt zu jedem der drei Punkte ein gutes Beispiel, sie ist aber etwas zu "
    "lang geraten, und der letzte Absatz wiederholt nur, was vorher schon gesagt wurde."
)
FRENCH = (
    "La réponse traite toutes les questions et donne un bon exemple pour chacun des trois points soulevés, mais elle "
    "est un peu trop longue, et le dernier paragraphe ne fait que répéter ce qui a déjà été dit auparavant."
)


@pytest.mark.parametrize("prompt", [ENGLISH, GERMAN, FRENCH])
@pytest.mark.parametrize("critique", [ENGLISH, GERMAN, FRENCH])
def test_a_critique_must_be_in_the_language_of_the_prompt(prompt: str, critique: str) -> None:
    found = Malformed()(asked(judged(graded(Side.A, 7, critique)), prompt))
    assert (found is None) == (prompt == critique)
    if found is not None:
        assert found.reason == "wrong language"


@pytest.mark.parametrize(
    ("language", "right"), [("German", GERMAN), ("de", GERMAN), ("french", FRENCH), ("English", ENGLISH)]
)
def test_a_critique_must_be_in_the_language_that_was_asked_for(language: str, right: str) -> None:
    for critique in (ENGLISH, GERMAN, FRENCH):
        found = Malformed(language=language)(asked(judged(graded(Side.A, 7, critique)), ENGLISH))
        assert (found is None) == (critique == right)


def test_what_is_too_short_mixed_or_unknown_is_in_no_wrong_language() -> None:
    def kept(prompt: str, critique: str, language: str = "auto") -> bool:
        return Malformed(language=language)(asked(judged(graded(Side.A, 7, critique)), prompt)) is None

    assert kept("Guten Morgen", ENGLISH)
    assert kept(ENGLISH, "Eine gute Antwort.")
    assert kept(f"Translate this text for me, please:\n{GERMAN}", ENGLISH)
    assert kept(ENGLISH, f'It is said in "{GERMAN}" and that is all there is to it.')
    assert kept(ENGLISH, GERMAN, "Low Elbonian")
