"""Flow-Judge (Flow AI, 2024): `<feedback>...</feedback>`, then `<score>n</score>`. It grades one response alone."""

import re

from synth.domain import ParseFailure, PointwiseJudgment, Side
from synth.parsing.judges import one

_FEEDBACK = re.compile(r"<feedback>\s*(.*?)\s*</feedback>", re.DOTALL)
_SCORE = re.compile(r"<score>\s*([0-9]{1,3})\s*</score>")


def parse_pointwise(reply: str, response: Side) -> PointwiseJudgment | ParseFailure:
    feedback = _FEEDBACK.findall(reply)
    if reply.strip() and len(feedback) != 1:
        return ParseFailure(f"the reply has {len(feedback)} <feedback> parts, not one", reply)
    return one.score(_SCORE.findall(reply), reply, response, critique=feedback[0] if feedback else "")
