"""What the calls behind a run's judgments took, whenever they were made: tokens, and cost where a price is known."""

from math import fsum
from pathlib import Path
from typing import Any

from synth.run import tables
from synth.teacher.prices import Price
from synth.teacher.usage import Usage

_TOKENS = ("input_tokens", "cached_tokens", "output_tokens")


def of(raw: Path, price: Price | None) -> dict[str, Any]:
    """The manifest's `usage`, from the engine's table. A call that answered several asks counts once.

    It depends on the replies alone, so that a run in pieces says what an undisturbed one says.
    """
    seen: set[bytes] = set()
    total = dict.fromkeys(_TOKENS, 0)
    unreported, costs = 0, []
    for row in tables.read(raw, ["call", "error_kind", *_TOKENS, "usage_reported"]):
        call = bytes.fromhex(row["call"])
        if row["error_kind"] or call in seen:
            continue
        seen.add(call)
        for name in _TOKENS:
            total[name] += row[name]
        unreported += not row["usage_reported"]
        if price is not None:
            costs.append(price.cost(Usage(row["input_tokens"], row["output_tokens"], row["cached_tokens"])))
    return {
        "calls": len(seen),
        **total,
        "calls_without_token_counts": unreported,
        "cost_usd": None if price is None else round(fsum(costs), 6),
    }
