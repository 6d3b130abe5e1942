"""One line before a run's first call: about what it will take."""

from itertools import islice

from synth.domain import asks
from synth.run import tables
from synth.run.estimate import Tally
from synth.run.prepare import Prepared
from synth.run.requests import requests
from synth.run.teacher import slots
from synth.teacher.budget import usd

_PAIRS = 50  # a tenth of a second


def outlook(prepared: Prepared) -> str:
    """From the first pairs of pairs.parquet; `judgemill plan` goes through all of them."""
    pairs = tables.count(prepared.folder.pairs)
    looked_at = min(pairs, _PAIRS)
    first = Tally("first")
    for _, request in requests(prepared, map(tables.pair, islice(tables.read(prepared.folder.pairs), looked_at))):
        first.see(request, None)
    stage, scale = first.stage(prepared.price, slots(prepared)), pairs / looked_at
    calls = pairs * len(asks(tuple(prepared.config.judging.protocols)))
    tokens = (stage.input_tokens + stage.output_tokens) * scale
    cost = f", about {usd(stage.cost_usd * scale)} USD" if stage.cost_usd else ""
    return f"{calls:,} calls, about {tokens:,.0f} tokens{cost} (from the first {looked_at} of {pairs:,} pairs)"
