"""Supervised finetuning of any model (TRL's SFTTrainer): messages, or a prompt and its completion.

The tasks and the replies are those of the formats `auto-j` and `auto-j-single`, the grades on a scale of your choice.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pyarrow as pa

from synth.domain import JudgedPair, Judgment, Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Side
from synth.exports.formats import tasks
from synth.exports.formats.base import MESSAGES, SEPARATOR, TEXT, Format, LeftOut, Made, Row
from synth.exports.formats.shown import compared, graded
from synth.exports.student import Setting
from synth.parsing.judges import auto_j

_Wrap = Callable[[str, str], Row]
_MESSAGES = pa.schema([("messages", MESSAGES)])
_COMPLETION = pa.schema([("prompt", TEXT), ("completion", TEXT)])


def _messages(prompt: str, reply: str) -> Row:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": reply}]}


def _completion(prompt: str, reply: str) -> Row:
    return {"prompt": prompt + SEPARATOR, "completion": reply}


def _pairwise(wrap: _Wrap, judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    one = compared(judged)
    if isinstance(one, LeftOut):
        yield one
        return
    row = wrap(tasks.comparison_prompt(one, setting), tasks.decision(one))
    yield Made(row, PairwiseJudgment(Order.AB, one.verdict, comparison=one.words()))


def _single(wrap: _Wrap, judged: JudgedPair, setting: Setting) -> Iterator[Made | LeftOut]:
    for one in graded(judged, setting, setting.asked_scale(judged.pair)):
        if isinstance(one, LeftOut):
            yield one
            continue
        row = wrap(tasks.grading_prompt(one, setting), tasks.rating(one))
        yield Made(row, PointwiseJudgment(Side.A, one.score, one.critique), one.converted)


def _reply(row: Row) -> str:
    return str(row["completion"] if "completion" in row else row["messages"][-1]["content"])


def _read_pairwise(row: Row) -> Judgment | ParseFailure:
    return auto_j.parse_pairwise(_reply(row), Order.AB)


def _read_single(row: Row) -> Judgment | ParseFailure:
    return auto_j.parse_pointwise(_reply(row), Side.A)


CHAT = Format("chat", "SFT, two responses: messages", _MESSAGES, partial(_pairwise, _messages), _read_pairwise)
CHAT_SINGLE = Format(
    "chat-single", "SFT, one response: messages", _MESSAGES, partial(_single, _messages), _read_single, single=True
)
PROMPT_COMPLETION = Format(
    "prompt-completion",
    "SFT, two responses: prompt and completion as text",
    _COMPLETION,
    partial(_pairwise, _completion),
    _read_pairwise,
)
PROMPT_COMPLETION_SINGLE = Format(
    "prompt-completion-single",
    "SFT, one response: prompt and completion as text",
    _COMPLETION,
    partial(_single, _completion),
    _read_single,
    single=True,
)
