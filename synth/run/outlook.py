"""One line before a run's first call: about what it will take."""

from itertools import islice

from synth.domain import asks
from synth.run import tables
from synth.run.carried import Carried
from synth.run.estimate import Tally
from synth.run.plan import requests
from synth.run.prepare import Prepared
from synth.run.teacher import slots
from synth.teacher.budget import usd

_PAIRS = 50  # a tenth of a second


def outlook(prepared: Prepared, carried: Carried) -> str:
    """From the first pairs of pairs.parquet; `judgemill plan` goes through all of them."""
    if prepared.previous and prepared.previous.run:
        return f"what still holds is taken over from {prepared.previous.name}; `judgemill plan` counts what is left"
    pairs = tables.count(prepared.folder.pairs) - len(carried.pairs)
    looked_at = min(pairs, _PAIRS)
    over = f"; {len(carried.pairs):,} pairs are taken over from {carried.name}" if carried.pairs else ""
    if not looked_at:
        return f"0 calls{over}"
    first = Tally("first")
    left = (row for row in tables.read(prepared.folder.pairs) if row["id"] not in carried.pairs)
    for _, request in requests(prepared, map(tables.pair, islice(left, looked_at)), carried=carried):
        first.see(request, None)
    stage, scale = first.stage(prepared.price, slots(prepared)), pairs / looked_at
    calls = pairs * len(asks(tuple(prepared.config.judging.protocols)))
    tokens = (stage.input_tokens + stage.output_tokens) * scale
    cost = f", about {usd(stage.cost_usd * scale)} USD" if stage.cost_usd else ""
    return f"{calls:,} calls, about {tokens:,.0f} tokens{cost} (from the first {looked_at} of {pairs:,} pairs){over}"
