"""From answers to the reference that they make, or why they make none. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from synth.pairing.response import Mark, Response
from synth.parsing.final_answer import final_answer

FEWEST = 3  # answers that there can be a majority of
NO_MAJORITY = "no majority"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference `text`, who wrote it (as `Pair.reference_by`), and the number of the answer that it is.

    `lacking` is the reason where there is none, `detail` says more.
    """

    text: str = ""
    by: str = ""
    number: int = 0
    lacking: str = ""
    detail: str = ""


def single(answer: Response, by: str) -> Reference:
    """The one answer that was asked for, where it is one."""
    if answer.mark is not Mark.NONE:
        return Reference(lacking=str(answer.mark), detail=answer.detail)
    return Reference(answer.text.strip(), by, answer.number)


def majority(answers: Sequence[Response]) -> Reference:
    """The first of the answers that say what more than half of all say.

    After self-consistency (Wang et al. 2022, section 2), which takes the most frequent answer; here it must be more
    than half, as a reference that a third of the answers share misleads the judge. An answer that failed, was cut or
    states no final answer speaks for none, and counts.
    """
    if len(answers) < FEWEST:
        return Reference(lacking="too few answers", detail=f"{len(answers)}, of at least {FEWEST}")
    said = {one.number: final for one in answers if (final := counted(one))}
    most = Counter(said.values()).most_common(1)
    if not most:
        return Reference(lacking="no final answer", detail=f"in none of {len(answers)} answers")
    (winner, votes), of = most[0], len(answers)
    if votes * 2 <= of:
        return Reference(lacking=NO_MAJORITY, detail=f"{votes} of {of} at most")
    first = next(one for one in answers if said.get(one.number) == winner)
    return Reference(first.text.strip(), f"majority {votes} of {of}", first.number)


def counted(answer: Response) -> str:
    """The final answer that it votes for. One that repeats another votes too."""
    return final_answer(answer.text) if answer.mark in (Mark.NONE, Mark.DUPLICATE) else ""
