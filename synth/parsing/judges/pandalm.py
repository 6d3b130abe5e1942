"""PandaLM (Wang et al., ICLR 2024): the first line is `1`, `2` or `Tie`; `### Reason:` and `### Reference:` follow.

Its own parser makes a tie of every other first line; here that is a failure.
"""

import re

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing.judges import one
from synth.parsing.judges.one import Named

_NAMED: dict[str, Named] = {"1": 1, "2": 2, "tie": "tie"}
_REASON = re.compile(r"^\s*### Reason:")


def parse_pairwise(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    first_line, _, rest = reply.strip().partition("\n")
    named = _NAMED.get(first_line.strip().lower())
    reason, _, reference = rest.partition("### Reference:")
    return one.verdict(
        [] if named is None else [named], reply, order, comparison=_REASON.sub("", reason), reference=reference
    )
