"""Auto-J's own cleaning: what a person labelled and the teacher judged otherwise is not taught."""

from dataclasses import dataclass

from filters import Drop
from synth.domain import JudgedPair


@dataclass(frozen=True)
class AgreesWithPeople:
    """Drops verdicts that differ from the human label, as Li et al. 2023 do. Pairs without one are left alone.

    Where it is in use, agreement with the same labels says nothing any more of what was kept; `judgemill audit` looks
    at all that was judged, and still does.
    """

    name: str = "agrees_with_people"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        label = judged.pair.human_label
        if label is None or judged.verdict is label:
            return None
        return Drop("another verdict than the person's", f"{judged.verdict}, and the person says {label}")
