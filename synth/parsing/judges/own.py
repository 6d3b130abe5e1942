"""Our own JSON, as a teacher of some other run wrote it: which criteria it graded is not known."""

from functools import cache, partial

from synth.domain import Order, PairwiseJudgment, ParseFailure, PointwiseJudgment, Protocol, Scale, Side
from synth.parsing import json_reply
from synth.parsing.schema import Schema, schema


def parse_pairwise(reply: str, order: Order, *, scale: Scale) -> PairwiseJudgment | ParseFailure:
    return json_reply.parse_pairwise(reply, order, _schema(Protocol.PAIRWISE, scale))


def parse_pointwise(reply: str, response: Side, *, scale: Scale) -> PointwiseJudgment | ParseFailure:
    return json_reply.parse_pointwise(reply, response, _schema(Protocol.POINTWISE, scale))


def on(scale: Scale) -> tuple[partial[PairwiseJudgment | ParseFailure], partial[PointwiseJudgment | ParseFailure]]:
    """Both parsers for replies on one scale."""
    return partial(parse_pairwise, scale=scale), partial(parse_pointwise, scale=scale)


@cache
def _schema(protocol: Protocol, scale: Scale) -> Schema:
    """A reference may be there; criteria may be any, and some of them not applicable."""
    made = schema(protocol, scale, {"any": True} if protocol is Protocol.POINTWISE else None, with_reference=True)
    made["required"].remove("reference")
    if protocol is Protocol.POINTWISE:
        made["required"].remove("criteria")
        criteria = made["properties"]["criteria"]
        criteria["additionalProperties"] = criteria["properties"].pop("any")
        criteria["required"] = []
    return made
