import pytest

from filters.degenerate import Degenerate
from synth.domain import Verdict
from tests.filters.judged import AB, TIE, A, B, asked, compared, judged

LONG = "The kettle stands on the stove, and the tea is in the tin on the second shelf from above. " * 3
ASKED = "Please tell me where the kettle and the tea are."


def found(verdict: Verdict, a: str, b: str, prompt: str = ASKED, by: Degenerate | None = None) -> str | None:
    drop = (by or Degenerate())(asked(judged(compared(AB, verdict)), prompt, a, b))
    return drop and drop.reason


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (LONG, "", "empty response"),
        (" \n", LONG, "empty response"),
        (LONG, ASKED, "echo of the prompt"),
        (f" {ASKED}\n", LONG, "echo of the prompt"),
        (LONG, LONG + "\n", "identical with a winner"),
        (LONG, LONG + "!", "near-identical with a winner"),
    ],
)
@pytest.mark.parametrize("verdict", [A, B])
def test_there_is_nothing_to_judge(verdict: Verdict, a: str, b: str, reason: str) -> None:
    assert found(verdict, a, b) == reason


def test_like_responses_may_tie() -> None:
    assert found(TIE, LONG, LONG) is None
    assert found(TIE, LONG, LONG + "!") is None


def test_what_a_word_or_a_number_decides_is_kept() -> None:
    assert found(A, "It is on the stove.", "It is on the floor.") is None
    assert found(A, LONG + "Take 2 spoons.", LONG + "Take 3 spoons.") is None
    assert found(A, "Hello!", "Good morning, how are you?", prompt="Hello!") is None


def test_the_similarity_says_what_counts_as_one() -> None:
    other = LONG + " There is sugar, too."
    assert found(A, LONG, other) is None
    assert found(A, LONG, other, by=Degenerate(similarity=0.9)) == "near-identical with a winner"
