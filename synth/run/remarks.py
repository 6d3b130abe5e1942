"""What a person should be told of a result, beside its numbers."""

from collections.abc import Iterator

from synth.exports.composition import Composition
from synth.run.funnel import Funnel

_FEW = 5
_NEARLY_ALL = 0.9
_ASKING_BETTER_HELPS = ("malformed", "inconsistent", "order_unstable", "protocols_disagree", "ungrounded", "shallow")


def remarks(funnel: Funnel, composition: Composition, minimal_would_keep: int) -> Iterator[str]:
    """Lines, of which there are none where all is as it should be."""
    if not funnel.kept and funnel.judged:
        yield from _nothing_kept(funnel, minimal_would_keep)
    if funnel.kept >= _FEW:
        verdict, most = composition.verdicts.most_common(1)[0]
        if most >= _NEARLY_ALL * funnel.kept:
            teaches = "A judge learns little from verdicts that are all alike, and `preference` takes no ties."
            yield f"{most} of {funnel.kept} kept pairs have the same verdict, {verdict}. {teaches}"
    if composition.both_orders >= _FEW:
        slot, twice = max(composition.slot_wins_twice.items(), key=lambda one: one[1], default=("", 0))
        if 2 * twice >= composition.both_orders:
            yield f"The response shown {slot} won in both orders of {twice} of {composition.both_orders} pairs."


def _nothing_kept(funnel: Funnel, minimal_would_keep: int) -> Iterator[str]:
    by = max(funnel.dropped, key=lambda name: funnel.dropped[name].total())
    (reason, count), *_ = funnel.dropped[by].most_common(1)
    said = f"No pair was kept. Most were dropped by `{by}`: {funnel.dropped[by].total()} of {funnel.judged}"
    yield f"{said} ({count} {reason})." + (" A stronger teacher keeps more." if by in _ASKING_BETTER_HELPS else "")
    yield f"`filters: minimal` would keep {minimal_would_keep}; filtering again makes no call."
