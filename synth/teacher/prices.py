"""What calls cost, and the one door to `genai-prices`, whose bundled list of prices needs no network."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from synth.teacher.usage import Usage

BATCH_PRICE_SHARE = 0.5  # https://platform.openai.com/docs/guides/batch
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """USD a million tokens, for calls of more than `above` tokens of input."""

    input: float
    output: float
    cached_input: float
    above: int = 0

    def cost(self, used: Usage) -> float:
        fresh = used.input_tokens - used.cached_tokens
        inputs = fresh * self.input + used.cached_tokens * self.cached_input
        return (inputs + used.output_tokens * self.output) / _MILLION


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs at an endpoint. Some sell long prompts dearer; `rates` go from short to long.

    Charges beside tokens (a request, a search) are not in it.
    """

    rates: tuple[Rate, ...]

    def cost(self, used: Usage) -> float:
        """USD of one call."""
        return self.rate(used.input_tokens).cost(used)

    def rate(self, input_tokens: int) -> Rate:
        """What a call with so much input is charged by."""
        return next((rate for rate in reversed(self.rates) if input_tokens > rate.above), self.rates[0])

    def record(self) -> list[dict[str, float]]:
        """In values that JSON can carry; `of` reads them."""
        return [asdict(rate) for rate in self.rates]

    @staticmethod
    def of(record: list[dict[str, Any]]) -> "Price":
        return Price(tuple(Rate(**rate) for rate in record))

    def at(self, share: float) -> "Price":
        """The same at a share of the price, as 0.5 for a batch."""
        return Price(
            tuple(
                replace(
                    rate,
                    input=rate.input * share,
                    output=rate.output * share,
                    cached_input=rate.cached_input * share,
                )
                for rate in self.rates
            )
        )


def price(
    model: str, addresses: Sequence[str], own: Mapping[str, float | None], *, batch: bool = False
) -> Price | None:
    """What `model` costs at the providers with these addresses: the dearest, or None where one is not known.

    `own` are the user's prices (`input`, `output`, and `cached_input` where it differs), which win over the list. A
    batch costs a share of either.
    """
    found = [_own(own) if own else None if _own_endpoint(one) else _listed(model, one) for one in addresses]
    most = dearest(found)
    return most.at(BATCH_PRICE_SHARE) if batch and most else most


def dearest(prices: Sequence[Price | None]) -> Price | None:
    """None where one is not known."""
    known = [one for one in prices if one is not None]
    if len(known) < len(prices):
        return None
    return max(known, key=lambda one: one.rates[0].input + one.rates[0].output)


def _own(own: Mapping[str, float | None]) -> Price:
    fresh, output, cached = own["input"], own["output"], own.get("cached_input")
    assert fresh is not None
    assert output is not None
    return Price((Rate(fresh, output, fresh if cached is None else cached),))


def _own_endpoint(base_url: str) -> bool:
    """An address that no provider has. Spares a quarter of a second of imports."""
    host = urlsplit(base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return "." not in host
    return True


def _listed(model: str, base_url: str) -> Price | None:
    """Where the price changes with the hour it is the dearest of the day: a budget has to hold at every hour, and a
    run that goes on later has to cost what it would have."""
    from genai_prices import Usage as Tokens
    from genai_prices import calc_price

    today = datetime.now(UTC).replace(minute=45, second=0, microsecond=0)
    try:
        hours = [
            calc_price(
                Tokens(input_tokens=_MILLION, output_tokens=_MILLION),
                model,
                provider_api_url=base_url,
                genai_request_timestamp=today.replace(hour=hour),
            )
            for hour in range(24)
        ]
    except LookupError:
        return None
    listed = max(hours, key=lambda hour: hour.total_price).model_price
    if listed.input_mtok is None or listed.output_mtok is None:
        return None
    steps = sorted({0, *_steps(listed.input_mtok), *_steps(listed.output_mtok)})
    return Price(tuple(_rate(listed, above) for above in steps))


def _rate(listed: Any, above: int) -> Rate:
    fresh = _at(listed.input_mtok, above)
    cached = listed.cache_read_mtok
    return Rate(fresh, _at(listed.output_mtok, above), fresh if cached is None else _at(cached, above), above)


def _steps(listed: Any) -> list[int]:
    return [tier.start for tier in getattr(listed, "tiers", ())]


def _at(listed: Any, above: int) -> float:
    """A price that may have tiers, for prompts of more than `above` tokens."""
    tiers = [tier.price for tier in getattr(listed, "tiers", ()) if tier.start <= above]
    return float(tiers[-1] if tiers else getattr(listed, "base", listed))
