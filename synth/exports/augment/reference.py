"""The same pair with a reference in the student's prompt, or without.

JudgeLM (2310.17631) has both, as reference support and reference drop. Here each is a copy.
"""

from dataclasses import replace

from filters import Drop
from filters.leaky import Leaky
from filters.ungrounded import Ungrounded
from synth.domain import JudgedPair, Order
from synth.exports.formats.pairs import WITHIN

_CHECKS = (Leaky(criteria=True), Ungrounded())


def support(judged: JudgedPair) -> JudgedPair | None:
    """With the reference as the pair's own: the one it has, or what the teacher wrote. None where there is neither."""
    if judged.pair.reference:
        return judged
    written = known(judged)
    return replace(judged, pair=replace(judged.pair, reference=written, reference_by=WITHIN)) if written else None


def drop(judged: JudgedPair) -> JudgedPair | Drop | None:
    """Without the pair's reference and what the teacher wrote as one. None where there is neither.

    A copy whose words speak of a reference, or quote what stands nowhere else, is dropped.
    """
    if not known(judged):
        return None
    copy = replace(
        judged,
        pair=replace(judged.pair, reference="", reference_by=""),
        judgments=tuple(replace(one, reference="") for one in judged.judgments),
    )
    for check in _CHECKS:
        objection = check(copy)
        if objection is not None:
            return Drop(f"{check.name}: {objection.reason}", objection.detail)
    return copy


def known(judged: JudgedPair) -> str:
    """The pair's own, or what the teacher wrote: in order ab first, whose words are those most formats show."""
    every = (judged.comparison(Order.AB), judged.comparison(Order.BA), *judged.grades)
    written = (one.reference for one in every if one is not None and one.reference.strip())
    return judged.pair.reference or next(written, "")
