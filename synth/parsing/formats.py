"""Reply formats by name: how recorded replies are read, our own and those of other judges."""

from collections.abc import Callable
from dataclasses import dataclass

from synth.domain import SCALES, Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Scale, Side
from synth.errors import ConfigError, meant
from synth.parsing import llmbar
from synth.parsing.judges import arena_hard, auto_j, flow_judge, judgelm, mt_bench, own, pandalm, prometheus

Pairwise = Callable[[str, Order], PairwiseJudgment | ParseFailure]
Pointwise = Callable[[str, Side], PointwiseJudgment | ParseFailure]


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """A name, what such replies look like, and their parsers, which are total: a failure is a value.

    None where the judge does not know the protocol. `scale` is what its scores are on, unless a user knows better.
    """

    name: str
    about: str
    pairwise: Pairwise | None = None
    pointwise: Pointwise | None = None
    scale: str = "1-10"


REPLY_FORMATS: tuple[ReplyFormat, ...] = (
    ReplyFormat("json", "judgemill's own JSON", *own.on(SCALES[0])),
    ReplyFormat(
        "auto-j",
        "'So, the final decision is Response 1', 'Rating: [[7]]'",
        auto_j.parse_pairwise,
        auto_j.parse_pointwise,
    ),
    ReplyFormat("mt-bench", "[[A]], [[B]], [[C]] for a tie; [[7]]", mt_bench.parse_pairwise, mt_bench.parse_pointwise),
    ReplyFormat("arena-hard", "[[A>>B]], [[A>B]], [[A=B]], ...", arena_hard.parse_pairwise),
    ReplyFormat("judgelm", "a first line of two scores: '8 7'", judgelm.parse_pairwise),
    ReplyFormat("pandalm", "a first line of '1', '2' or 'Tie'; '### Reason:'", pandalm.parse_pairwise),
    ReplyFormat(
        "prometheus", "'[RESULT] A', '[RESULT] 4'", prometheus.parse_pairwise, prometheus.parse_pointwise, "1-5"
    ),
    ReplyFormat(
        "flow-judge", "'<feedback>...</feedback><score>3</score>'", pointwise=flow_judge.parse_pointwise, scale="1-5"
    ),
    ReplyFormat("llmbar", "LLMBar's free text: 'Output (a)', or reasons that call one output better", llmbar.parse),
)


def reply_format(name: str, scale: Scale) -> ReplyFormat:
    """`scale` is what our own JSON is held to; other judges write whatever numbers they write.

    Raises ConfigError for a format that there is not.
    """
    for one in REPLY_FORMATS:
        if one.name == name:
            return ReplyFormat(name, one.about, *own.on(scale)) if name == "json" else one
    known = [one.name for one in REPLY_FORMATS]
    raise ConfigError(f"--reply-format: unknown format {name!r}; {meant(name, known)}one of {', '.join(known)}")
