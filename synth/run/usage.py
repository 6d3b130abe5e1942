"""What the calls behind a run's judgments took, whenever they were made: tokens, and cost where a price is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from pathlib import Path

from synth.run import tables
from synth.teacher.prices import Price
from synth.teacher.usage import Usage

_TOKENS = ("input_tokens", "cached_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class Used:
    """The manifest's `usage`. Tokens of `calls_without_token_counts` are estimated from the lengths of the texts."""

    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    calls_without_token_counts: int
    cost_usd: float | None


def together(first: Used, second: Used) -> Used:
    """Of two rounds. No cost where that of one is not known."""
    costs = [one.cost_usd for one in (first, second) if one.cost_usd is not None]
    return Used(
        first.calls + second.calls,
        first.input_tokens + second.input_tokens,
        first.cached_tokens + second.cached_tokens,
        first.output_tokens + second.output_tokens,
        first.calls_without_token_counts + second.calls_without_token_counts,
        round(fsum(costs), 6) if len(costs) == 2 else None,
    )


def used_by(engine_tables: Iterable[Path], prices: Mapping[str, Price | None]) -> Used:
    """Sum up the engine's tables; `prices` are by model. A call that answered several asks counts once.

    It depends on the replies alone, so that a run in pieces says what an undisturbed one says.
    """
    seen: set[bytes] = set()
    total = dict.fromkeys(_TOKENS, 0)
    uncounted = 0
    costs: list[float | None] = []
    for row in tables.read_all(engine_tables, ["call", "model_name", "error_kind", *_TOKENS, "usage_reported"]):
        call = bytes.fromhex(row["call"])
        if row["error_kind"] or call in seen:
            continue
        seen.add(call)
        for name in _TOKENS:
            total[name] += row[name]
        uncounted += not row["usage_reported"]
        price = prices[row["model_name"]]
        used = Usage(row["input_tokens"], row["output_tokens"], row["cached_tokens"])
        costs.append(price.cost(used) if price else None)
    known = [cost for cost in costs if cost is not None]
    return Used(
        calls=len(seen),
        **total,
        calls_without_token_counts=uncounted,
        cost_usd=round(fsum(known), 6) if len(known) == len(costs) else None,
    )
