"""Drops pairs where comparing the responses and grading each alone come to different ends."""

from dataclasses import dataclass

from filters.base import Drop, Margin
from synth.domain import JudgedPair, Side, Verdict


@dataclass(frozen=True, slots=True)
class ProtocolsDisagree:
    """The verdict must be the one that the responses' own grades make.

    Two ways of asking err in different places, so what both say is right more often than what one says twice. A gap of
    grades up to `margin` is a tie, as in MT-Bench's own scoring (a tie delta of 0.1, so that on whole numbers a tie is
    equality and one point decides): a verdict for a response whose grade is not the higher one has only half of the
    evidence. For ties, the grades may differ by `tie_margin`. Pairs without a verdict, or not graded alone, are left
    alone. Reasons: `grades prefer the other`, `grades are equal`, `tie with unequal grades`.
    """

    margin: Margin = 0.1
    tie_margin: Margin = 1
    name: str = "protocols_disagree"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        a, b, verdict = judged.grade(Side.A), judged.grade(Side.B), judged.verdict
        if a is None or b is None or verdict is None or not judged.comparisons:
            return None
        detail = f"verdict {verdict}, graded alone a {a.score:g} and b {b.score:g}"
        ahead = a.score - b.score
        if verdict is Verdict.TIE:
            return Drop("tie with unequal grades", detail) if abs(ahead) > self.tie_margin else None
        ahead = ahead if verdict is Verdict.A else -ahead
        if ahead > self.margin:
            return None
        return Drop("grades prefer the other" if ahead < -self.margin else "grades are equal", detail)
