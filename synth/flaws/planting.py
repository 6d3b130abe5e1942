"""Which flaw is planted in which response, and the pair that comes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from synth.domain import Pair, Side, Verdict
from synth.flaws.flaw import Flaw
from synth.pairing.draw import chance
from synth.pairing.response import Mark, mark, same, without_thinking
from synth.pairing.telling import tells_its_flaw


@dataclass(frozen=True, slots=True)
class Planting:
    """A `flaw` that is to be planted in one response of a pair, which is `sound` as far as anybody knows."""

    origin: Pair
    sound: Side
    flaw: Flaw

    @property
    def id(self) -> str:
        """Of the pair that comes of it."""
        return f"{self.origin.id}~{self.flaw.name}"

    @property
    def text(self) -> str:
        return self.origin.response(self.sound)


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a copy makes no pair: a short `reason`, and the `detail`."""

    reason: str
    detail: str


def all_plantings(pair: Pair, kinds: Sequence[Flaw], seed: int) -> Iterator[Planting]:
    """Every flaw that applies to the pair's sound response."""
    sound = _sound(pair, seed)
    if sound is not None:
        turn, text = pair.prompt[-1].content, pair.response(sound)
        yield from (Planting(pair, sound, one) for one in kinds if one.applies(turn, text))


def drawn_planting(pair: Pair, kinds: Sequence[Flaw], share: float, seed: int) -> Planting | None:
    """One flaw, in a `share` of all pairs. By the seed and the pair alone: other pairs change nothing."""
    if chance(seed, "plant", pair.id) >= share:
        return None
    return min(all_plantings(pair, kinds, seed), key=lambda one: chance(seed, "flaw", one.id), default=None)


def _sound(pair: Pair, seed: int) -> Side | None:
    """The response that people prefer, or any by lot that is no refusal and not empty.

    It need not be good: its copy is worse than it in any case.
    """
    usable = [side for side in Side if mark(pair.response(side))[0] is Mark.NONE]
    preferred = {Verdict.A: Side.A, Verdict.B: Side.B}.get(pair.human_label or Verdict.TIE)
    if preferred in usable:
        return preferred
    return min(usable, key=lambda side: chance(seed, "sound", pair.id, side), default=None)


def with_flaw(planting: Planting, reply: str, finish_reason: str, error: str, model: str, seed: int) -> Pair | Unfit:
    """The pair of a response and its copy with the flaw, or why the copy makes none."""
    copy, original = without_thinking(reply).strip(), planting.text
    found, detail = mark(copy, finish_reason, error)
    if found is not Mark.NONE:
        return Unfit(str(found), detail)
    if same(copy) == same(original):
        return Unfit("unchanged", "it differs from the response in white space and case at most")
    if told := tells_its_flaw(copy, original):
        return Unfit("gives itself away", f"it says: {told}")
    if objection := planting.flaw.objection(original, copy):
        return Unfit("another change", objection)
    return pair_of(planting, copy, model, seed)


def pair_of(planting: Planting, copy: str, model: str, seed: int) -> Pair:
    """Which of the two is `response_a` is a draw of its own. People's labels were of the other pair, and stay there."""
    origin, sound = planting.origin, planting.sound
    own = origin.model_a if sound is Side.A else origin.model_b
    made = replace(
        origin,
        id=planting.id,
        response_a=copy,
        response_b=planting.text,
        model_a=model,
        model_b=own,
        human_label=None,
        human_labels=(),
        target_a=None,
        target_b=origin.target(sound),
        planted=planting.flaw.name,
        flawed=Side.A,
    )
    if chance(seed, "flawed first", planting.id) < 0.5:
        return made
    return replace(
        made,
        response_a=made.response_b,
        response_b=made.response_a,
        model_a=own,
        model_b=model,
        target_a=made.target_b,
        target_b=None,
        flawed=Side.B,
    )
