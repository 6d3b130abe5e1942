"""Arena-Hard (Li et al., 2024): an explanation with the judge's own answer, then `[[A>>B]]`, `[[A>B]]`, `[[A=B]]`, ...

Its first release refuses a reply with different labels, later ones take the last; here labels may differ in how much
better, not in who. Single brackets count where there are no double ones, as in its second release.
"""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing.judges import one
from synth.parsing.judges.one import Named

_LABEL = r"(A>>?B|A<<?B|B>>?A|B<<?A|A=B|B=A)"
_DOUBLE = re.compile(rf"\[\[{_LABEL}\]\]")
_SINGLE = re.compile(rf"\[{_LABEL}\]")


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    pattern = _DOUBLE if _DOUBLE.search(reply) else _SINGLE
    named = [_named(label) for label in pattern.findall(reply)]
    return one.verdict(named, reply, order, comparison=pattern.sub("", reply))


def _named(label: str) -> Named:
    if "=" in label:
        return "tie"
    return 1 if (label[0] == "A") == (">" in label) else 2
