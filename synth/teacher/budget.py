"""A cap on what calls cost: no call begins that could break it."""

import asyncio
from collections.abc import Iterable, Mapping
from math import ceil, inf

from synth.teacher.call import CallError, Reply, Request
from synth.teacher.prices import Price
from synth.teacher.usage import Usage, most_output, size, used

_TOKENS_A_BYTE = 0.5
_FRAME = 64  # tokens that a chat template puts around the messages


class Budget:
    """Counts what is spent, and lets a call begin while `spent + the most that calls in flight can cost` is within
    `cap`, so that slots go on as long as their worst case fits.

    The most that a call can cost is its reply at the longest that is allowed, and its input at half a token a byte:
    twice what English takes and more than Chinese does. A call that took more raises the estimate of those of its model
    that follow, so that the cap is broken by one such call of a model at most. Near the cap fewer and fewer calls are
    in flight; the last one that fits goes alone. What a call without a reply cost (a timeout, say) no client can know:
    it counts nothing.

    Where several models share a cap, calls of each of `others` (by the model's name) count at their own price, those of
    any other model at `price`.

    Without a price nothing is counted, without a cap nothing waits. Use from one event loop.
    """

    def __init__(
        self, price: Price | None = None, cap: float | None = None, others: Mapping[str, Price | None] | None = None
    ) -> None:
        if cap is not None and None in (price, *(others or {}).values()):
            raise ValueError("a budget needs a price: none is known for this model at this endpoint")
        self.spent = 0.0
        self._price = price
        self._others = others or {}
        self._cap = cap
        self._reserved: list[float] = []
        self._settled = asyncio.Condition()
        self._tokens_a_byte: dict[str, float] = {}  # by model, where a call of it took more than was estimated

    def begin_after(self, calls: Iterable[tuple[Request, Reply]]) -> "Budget":
        """Count calls that were paid for earlier."""
        for request, reply in calls if self._cap is not None else ():
            self.paid(request, reply)
        return self

    def cost(self, request: Request, reply: Reply) -> float:
        """USD; 0 where no price is known."""
        price = self._price_of(request)
        return price.cost(used(request, reply)) if price else 0.0

    def _price_of(self, request: Request) -> Price | None:
        return self._others.get(request.model, self._price)

    def paid(self, request: Request, reply: Reply) -> float:
        """Count a reply as spent. Returns its cost."""
        cost = self.cost(request, reply)
        self.spent += cost
        if self._cap is not None and reply.input_tokens:
            found = (reply.input_tokens - _FRAME) / max(size(request), 1)
            self._tokens_a_byte[request.model] = max(self._density(request), found)
        return cost

    async def reserve(self, request: Request) -> float | CallError:
        """Wait until the call fits beside those in flight; it is in flight until `settle` is given what this brings.

        An error, with nothing reserved, where it does not fit and nothing is in flight that could make room.
        """
        if self._cap is None or self._price is None:
            return 0.0
        async with self._settled:
            length = size(request)
            while (most := self._most(request, length)) + self._taken() > self._cap and self._reserved:
                await self._settled.wait()
            refusal = self._refusal(most, self._cap)
            if refusal is None:
                self._reserved.append(most)
        return most if refusal is None else refusal

    async def settle(self, most: float) -> None:
        """The call that `most` was reserved for has ended; what it cost was counted before."""
        if self._cap is None or self._price is None:
            return
        async with self._settled:
            self._reserved.remove(most)
            self._settled.notify_all()

    def left(self) -> float:
        """USD that calls may still cost; infinite without a cap. Those in flight are not counted."""
        return inf if self._cap is None or self._price is None else self._cap - self.spent

    def refusal(self, request: Request) -> CallError:
        """Why this call is not made."""
        return self._refused(self.most(request), self._cap or 0.0)

    def most(self, request: Request) -> float:
        """USD that a call can come to."""
        return self._most(request, size(request))

    def _most(self, request: Request, length: int) -> float:
        price = self._price_of(request)
        if price is None:
            return 0.0
        return price.cost(Usage(_FRAME + ceil(length * self._density(request)), most_output(request)))

    def _density(self, request: Request) -> float:
        return self._tokens_a_byte.get(request.model, _TOKENS_A_BYTE)

    def _taken(self) -> float:
        return self.spent + sum(self._reserved)

    def _refusal(self, most: float, cap: float) -> CallError | None:
        if self._taken() + most <= cap:
            return None
        return self._refused(most, cap)

    def _refused(self, most: float, cap: float) -> CallError:
        return CallError(
            "stopped",
            f"budget_usd {cap:g} is reached: {usd(self.spent)} spent, and the next call may cost {usd(most)}; raise it",
        )


def usd(amount: float) -> str:
    """Two decimals, or two digits of what is less than a tenth."""
    return f"{amount:.2f}" if amount >= 0.1 or not amount else f"{amount:.2g}"
