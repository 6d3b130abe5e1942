"""One line before a run's first call: about what it will take."""

from itertools import islice

from synth.domain import asks
from synth.run import tables
from synth.run.carried import Carried
from synth.run.estimate import Stage, Tally
from synth.run.plan import estimated
from synth.run.prepare import Prepared
from synth.run.requests import RESCUE, requests
from synth.run.rescue.foresight import ASSUMED_SHARE
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
    first, rescue = Tally("first"), Tally(RESCUE)
    left = (row for row in tables.read(prepared.folder.pairs) if row["id"] not in carried.pairs)
    for name, request in requests(prepared, map(tables.pair, islice(left, looked_at)), carried=carried):
        (rescue if name == RESCUE else first).see(request, None)
    calls = pairs * len(asks(tuple(prepared.config.judging.protocols)))
    said = f"{calls:,} calls, {_size(estimated(prepared, first), pairs / looked_at)}"
    if prepared.second:
        stage = estimated(prepared, rescue)
        again = f"about {stage.calls * pairs / looked_at:,.0f} calls, {_size(stage, pairs / looked_at)}"
        said += f"; {again} where {ASSUMED_SHARE:.0%} of the pairs are asked again"
    if (flaws := prepared.config.flaws) is not None:
        over += f"; beside these, copies with a flaw of {flaws.share:.0%} of the pairs, each written and judged"
    return f"{said} (from the first {looked_at} of {pairs:,} pairs){over}"


def _size(stage: Stage, scale: float) -> str:
    tokens = (stage.input_tokens + stage.output_tokens) * scale
    return f"about {tokens:,.0f} tokens" + (f", about {usd(stage.cost_usd * scale)} USD" if stage.cost_usd else "")
