"""Criteria and the meaning of scores, in the words that a student is shown."""

from functools import lru_cache

from synth.domain import Scale
from synth.exports.scales import converted
from synth.scenario import Criterion

# What a score means where no rubric says it, from the worst to the best.
_LEVELS = (
    "It does not serve the prompt: what matters most is missing or wrong.",
    "It serves the prompt badly: some of it is of use, its faults weigh more.",
    "It serves the prompt in part: the main thing is there, with faults that matter.",
    "It serves the prompt well: its faults are small.",
    "It serves the prompt fully: nothing that matters could be better.",
)
_STEPS = Scale("steps", 0, len(_LEVELS) - 1)
_GENERAL = "How well does the response serve the person who wrote the prompt?"


@lru_cache(maxsize=1024)
def criteria_text(criteria: tuple[Criterion, ...]) -> str:
    """One line each; a general question where there are none."""
    lines = [
        f"- {one.name}: {one.description}" + (f" Counts only if: {one.applies_when}" if one.applies_when else "")
        for one in criteria
    ]
    return "\n".join(lines) or _GENERAL


@lru_cache(maxsize=1024)
def rubric(criteria: tuple[Criterion, ...], of: Scale, to: Scale) -> tuple[tuple[int, str], ...]:
    """What each score of scale `to` means: in general, and by the criteria that have a rubric for scale `of`.

    The scores of their rubrics are converted as all scores are.
    """
    meanings = {score: [_LEVELS[_number(score, to, _STEPS)]] for score in range(to.low, to.high + 1)}
    for one in criteria:
        for score, meaning in one.rubric if _fits(one, of) else ():
            meanings[_number(score, of, to)].append(f"{one.name}: {meaning}")
    return tuple((score, " ".join(texts)) for score, texts in meanings.items())


def _number(score: int, of: Scale, to: Scale) -> int:
    number = converted(score, of, to)
    assert number is not None  # it is one of the scale's own
    return number


def _fits(criterion: Criterion, scale: Scale) -> bool:
    """The teacher was not shown a rubric that was written for another scale."""
    scores = {score for score, _ in criterion.rubric}
    return {scale.low, scale.high} <= scores <= set(range(scale.low, scale.high + 1))
