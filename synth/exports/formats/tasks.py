"""The two tasks of a student that replies in text, and the replies that are taught.

Prompts are our own wording (`synth/exports/templates/`), replies end as Auto-J's do.
"""

from synth.domain import Verdict
from synth.exports.formats.shown import Compared, Graded
from synth.exports.rubrics import criteria_text
from synth.exports.student import Setting

_DECISIONS = {Verdict.A: "Response 1", Verdict.B: "Response 2", Verdict.TIE: "Tie"}
_DECIDE = (
    "Write your critique of both first. Then finish with the line 'So, the final decision is Response 1', "
    "'So, the final decision is Response 2', or, if neither is better, 'So, the final decision is Tie'."
)


def decision(one: Compared) -> str:
    return f"{one.words()}\n\nSo, the final decision is {_DECISIONS[one.verdict]}".lstrip()


def rating(one: Graded) -> str:
    return f"{one.critique}\n\nRating: [[{one.score}]]".lstrip()


def comparison_prompt(
    one: Compared,
    setting: Setting,
    *,
    reply: str = _DECIDE,
    marks: tuple[str, str] = ("1", "2"),
    criteria_by_default: bool = False,
    reference: bool = True,
) -> str:
    """`marks` are what the responses are called by. Without `reference` the student writes it itself."""
    criteria = setting.criteria(one.pair, by_default=criteria_by_default)
    first, second = one.responses
    values = {
        "criteria": criteria_text(criteria) if criteria else "",
        "reference": setting.reference(one.pair) if reference else "",
        "first": first,
        "second": second,
        "marks": marks,
        "reply": reply,
    }
    return setting.instruction("pairwise", one.pair, values)


def grading_prompt(
    one: Graded,
    setting: Setting,
    *,
    reply: str = "",
    rubric: tuple[tuple[int, str], ...] = (),
    criteria_by_default: bool = False,
) -> str:
    """With `rubric` the meaning of each score is in the prompt."""
    criteria = setting.criteria(one.pair, by_default=criteria_by_default)
    values = {
        "criteria": criteria_text(criteria) if criteria else "",
        "rubric": rubric,
        "reference": setting.reference(one.pair),
        "response": one.response,
        "reply": reply or _rate(one),
    }
    return setting.instruction("pointwise", one.pair, values)


def _rate(one: Graded) -> str:
    low, high = one.to.low, one.to.high
    return (
        f"Write your critique first. Then finish with a whole number from {low} (worst) to {high} (best), in double "
        f"brackets: 'Rating: [[{low}]]' to 'Rating: [[{high}]]'."
    )
