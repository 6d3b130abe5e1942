"""Reply formats by name: how recorded replies of other judges are read."""

from collections.abc import Callable
from dataclasses import dataclass

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing import llmbar


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """A name, what such replies look like, and their parser, which is total: a failure is a value."""

    name: str
    about: str
    parse: Callable[[str, Order], PairwiseJudgment | ParseFailure]


REPLY_FORMATS: tuple[ReplyFormat, ...] = (
    ReplyFormat("llmbar", "LLMBar's free text: 'Output (a)', or reasons that call one output better", llmbar.parse),
)
