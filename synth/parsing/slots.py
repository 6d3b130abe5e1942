"""From the slot a reply speaks of to the response that was shown in it."""

from typing import Literal

from synth.domain import Order, Verdict

Slot = Literal[1, 2]


def verdict_of_slot(slot: Slot, order: Order) -> Verdict:
    """The verdict "the output in `slot` is better", by identity. A tie names no slot and is not read here."""
    side = order.first if slot == 1 else order.second
    return Verdict(side.value)
