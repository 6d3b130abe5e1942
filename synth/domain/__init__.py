"""Frozen values of the field: pairs, judgments, verdicts, scales. Imports nothing of the project."""

from synth.domain.judged import Ask, AskedAgain, Failure, JudgedPair, asks
from synth.domain.judgment import (
    CriterionGrade,
    Judgment,
    Order,
    PairwiseJudgment,
    ParseFailure,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
)
from synth.domain.pair import Message, Pair, Prompt
from synth.domain.prompt_row import Given, PromptRow
from synth.domain.scale import SCALES, Scale, scale_named

__all__ = [
    "SCALES",
    "Ask",
    "AskedAgain",
    "CriterionGrade",
    "Failure",
    "Given",
    "JudgedPair",
    "Judgment",
    "Message",
    "Order",
    "Pair",
    "PairwiseJudgment",
    "ParseFailure",
    "PointwiseJudgment",
    "Prompt",
    "PromptRow",
    "Protocol",
    "Scale",
    "Side",
    "Verdict",
    "asks",
    "scale_named",
]
