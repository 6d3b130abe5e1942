"""The same pair with its responses in each other's place."""

from dataclasses import replace
from typing import Literal

from filters import Drop
from filters.inconsistent import Inconsistent
from filters.ungrounded import Ungrounded
from synth.domain import Ask, JudgedPair, Judgment, Order, Pair, PairwiseJudgment, Side, Verdict
from synth.exports.augment.relabel import Doubt, relabel

Words = Literal["other_order", "relabel"]

_OTHER_VERDICT = {Verdict.A: Verdict.B, Verdict.B: Verdict.A, Verdict.TIE: Verdict.TIE}
_OTHER_ORDER = {Order.AB: Order.BA, Order.BA: Order.AB}
_CHECKS = (Inconsistent(), Ungrounded())


def swap(judged: JudgedPair, words: Words) -> JudgedPair | Drop:
    """`response_a` becomes `response_b`, and everything that is said by identity follows. The id stays.

    `other_order`: what the teacher said of order ba was said with `response_b` shown first, so that it is, as it
    stands, what the copy has in order ab. Where it saw order ab alone, those words are relabelled.
    `relabel`: every comparison keeps its order, and its words are relabelled.
    A copy whose words cannot be relabelled for sure, or to which the filters `inconsistent` or `ungrounded` object as
    they do not object to the pair itself, is dropped.
    """
    copy = renamed(judged)
    if words == "other_order" and (copy.comparison(Order.AB) or not copy.comparisons):
        return copy
    made: list[Judgment] = []
    for one in copy.judgments:
        if isinstance(one, PairwiseJudgment):
            relabelled = _in_the_other_order(one, copy.pair)
            if isinstance(relabelled, Doubt):
                return Drop(relabelled.reason, relabelled.found)
            made.append(relabelled)
        else:
            made.append(one)
    return _checked(replace(copy, judgments=tuple(sorted(made, key=_place))), judged)


def renamed(judged: JudgedPair) -> JudgedPair:
    """The same responses and judgments with a called b, and b called a. Renamed again, it is what it was."""
    return JudgedPair(
        _renamed_pair(judged.pair),
        tuple(sorted(map(_renamed, judged.judgments), key=_place)),
        tuple(replace(one, ask=_renamed_ask(one.ask)) for one in judged.failures),
        settled=judged.settled and _OTHER_VERDICT[judged.settled],
    )


def _renamed_pair(pair: Pair) -> Pair:
    return replace(
        pair,
        response_a=pair.response_b,
        response_b=pair.response_a,
        model_a=pair.model_b,
        model_b=pair.model_a,
        human_label=pair.human_label and _OTHER_VERDICT[pair.human_label],
        human_labels=tuple(_OTHER_VERDICT[label] for label in pair.human_labels),
        target_a=pair.target_b,
        target_b=pair.target_a,
        flawed=pair.flawed and pair.flawed.other,
    )


def _renamed(one: Judgment) -> Judgment:
    if not isinstance(one, PairwiseJudgment):
        return replace(one, response=one.response.other)
    return replace(
        one,
        order=_OTHER_ORDER[one.order],
        verdict=_OTHER_VERDICT[one.verdict],
        score_a=one.score_b,
        score_b=one.score_a,
        critique_a=one.critique_b,
        critique_b=one.critique_a,
    )


def _renamed_ask(ask: Ask) -> Ask:
    return Ask(ask.protocol, ask.order and _OTHER_ORDER[ask.order], ask.response and ask.response.other)


def _place(one: Judgment) -> tuple[bool, str]:
    """Comparisons first, as everywhere."""
    return (False, one.order) if isinstance(one, PairwiseJudgment) else (True, one.response)


def _in_the_other_order(one: PairwiseJudgment, pair: Pair) -> PairwiseJudgment | Doubt:
    sources = [*(message.content for message in pair.prompt), *map(pair.response, Side), pair.reference, one.reference]
    comparison = relabel(one.comparison, sources)
    critique_a = relabel(one.critique_a, sources, compares=False)
    critique_b = relabel(one.critique_b, sources, compares=False)
    for text in (comparison, critique_a, critique_b):
        if isinstance(text, Doubt):
            return text
    return replace(
        one,
        order=_OTHER_ORDER[one.order],
        comparison=str(comparison),
        critique_a=str(critique_a),
        critique_b=str(critique_b),
    )


def _checked(copy: JudgedPair, judged: JudgedPair) -> JudgedPair | Drop:
    for check in _CHECKS:
        objection = check(copy)
        if objection is not None and check(judged) is None:
            return Drop(f"{check.name}: {objection.reason}", objection.detail)
    return copy
