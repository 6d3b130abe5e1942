"""Hypothesis strategies for the domain's values, and the same values with a and b renamed."""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from synth.domain import (
    Ask,
    CriterionGrade,
    Failure,
    JudgedPair,
    Judgment,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Protocol,
    Side,
    Verdict,
    asks,
)

REASONS = ("call failed", "empty", "refused", "truncated", "unreadable")

# Everything a file can hold: NUL and the rarest planes, but no half of a surrogate pair.
texts = st.text(st.characters(codec="utf-8"), max_size=5)
words = st.builds("{}{}".format, st.sampled_from(["tea", "\U0001f375", " \n7"]), texts)
verdicts = st.sampled_from(Verdict)
orders = st.sampled_from(Order)
sides = st.sampled_from(Side)
scores = st.integers(1, 10).map(float)
messages = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), words)
prompts = st.one_of(
    words.map(lambda text: (Message("user", text),)), st.lists(messages, min_size=1, max_size=4).map(tuple)
)
pairs = st.builds(
    Pair,
    id=words,
    prompt=prompts,
    response_a=words,
    response_b=words,
    scenario=st.sampled_from(["others", "code_generation"]),
    reference=texts,
    model_a=texts,
    model_b=texts,
    human_label=st.none() | verdicts,
    source=texts,
    human_labels=st.lists(verdicts, max_size=3).map(tuple),
    target_a=st.none() | scores,
    target_b=st.none() | scores,
    planted=st.sampled_from(["", "padding"]),
    flawed=st.none() | sides,
)


@cache  # making a strategy takes longer than drawing from it
def comparisons(order: Order) -> st.SearchStrategy[PairwiseJudgment]:
    return st.builds(
        PairwiseJudgment,
        order=st.just(order),
        verdict=verdicts,
        score_a=st.none() | scores,
        score_b=st.none() | scores,
        comparison=texts,
        critique_a=texts,
        critique_b=texts,
        reference=texts,
    )


@cache
def grades(side: Side) -> st.SearchStrategy[PointwiseJudgment]:
    return st.builds(
        PointwiseJudgment,
        response=st.just(side),
        score=scores,
        critique=texts,
        criteria=st.lists(st.builds(CriterionGrade, words, scores, texts), max_size=3).map(tuple),
        reference=texts,
    )


@cache
def judgments_of(ask: Ask) -> st.SearchStrategy[Judgment]:
    if ask.order is not None:
        return comparisons(ask.order)
    assert ask.response is not None
    return grades(ask.response)


@cache
def failures_of(ask: Ask) -> st.SearchStrategy[Failure]:
    return st.builds(Failure, st.just(ask), st.sampled_from(REASONS), detail=texts, raw=texts)


every_ask = st.sampled_from(asks(tuple(Protocol)))
judgments = every_ask.flatmap(judgments_of)


@cache
def outcomes(protocols: tuple[Protocol, ...], with_failures: bool) -> st.SearchStrategy[list[Judgment | Failure]]:
    each = [judgments_of(ask) | failures_of(ask) if with_failures else judgments_of(ask) for ask in asks(protocols)]
    return st.tuples(*each).map(list)


def judged_pairs(*, with_failures: bool = True) -> st.SearchStrategy[JudgedPair]:
    """As a run leaves them: each ask of the run brought a judgment or a failure, in the order of the asks."""
    runs = st.sampled_from([tuple(Protocol), (Protocol.PAIRWISE,), (Protocol.POINTWISE,)])
    return st.builds(_judged, pairs, runs.flatmap(lambda protocols: outcomes(protocols, with_failures)))


# Words that filters look for, in whatever order: names of slots, claims, quotations of the responses.
_SAID = st.lists(
    st.sampled_from(
        [
            "Response 1",
            "Response 2",
            "the first response",
            "Output (b)",
            "Response 3",
            "is better.",
            "says",
            '"green tea is best served hot"',
            '"black coffee keeps you awake"',
            '"nobody wrote this sentence"',
            "by the criteria",
            "the reference answer",
            "GPT-4",
            "I am sorry, but I cannot judge this.",
            "Because of the detail it gives in the end.",
        ]
    ),
    max_size=8,
).map(" ".join)
_ANSWERS = st.sampled_from(
    ["Green tea is best served hot.", "Black coffee keeps you awake.", "", "What shall I drink?"]
)


@cache
def judged_with_words() -> st.SearchStrategy[JudgedPair]:
    """Judged pairs whose texts say something that a filter may object to, short ones that collide often."""

    def comparison(order: Order) -> st.SearchStrategy[PairwiseJudgment]:
        return st.builds(
            PairwiseJudgment,
            st.just(order),
            verdicts,
            scores,
            scores,
            comparison=_SAID,
            critique_a=_SAID,
            critique_b=_SAID,
        )

    def grade(side: Side) -> st.SearchStrategy[PointwiseJudgment]:
        graded = st.lists(
            st.builds(CriterionGrade, st.sampled_from(["tone", "facts", "form"]), scores, _SAID), max_size=3
        )
        return st.builds(PointwiseJudgment, st.just(side), scores, critique=_SAID, criteria=graded.map(tuple))

    pair = st.builds(
        Pair,
        id=words,
        prompt=st.just((Message("user", "What shall I do?"),)),
        response_a=_ANSWERS,
        response_b=_ANSWERS,
        scenario=st.sampled_from(["others", "code_generation"]),
        target_a=st.none() | scores,
        target_b=st.none() | scores,
        planted=st.just("padding"),
        flawed=st.none() | sides,
    )
    every = st.tuples(comparison(Order.AB), comparison(Order.BA), grade(Side.A), grade(Side.B))
    some = every.flatmap(lambda all_four: st.sampled_from([all_four, all_four[:2], all_four[2:]]))
    return st.builds(JudgedPair, pair, some)


def _judged(pair: Pair, brought: list[Judgment | Failure]) -> JudgedPair:
    return JudgedPair(
        pair,
        tuple(one for one in brought if not isinstance(one, Failure)),
        tuple(one for one in brought if isinstance(one, Failure)),
    )


def other_verdict(verdict: Verdict) -> Verdict:
    return {Verdict.A: Verdict.B, Verdict.B: Verdict.A, Verdict.TIE: Verdict.TIE}[verdict]


def other_order(order: Order) -> Order:
    return Order.BA if order is Order.AB else Order.AB


def swapped_pair(pair: Pair) -> Pair:
    return replace(
        pair,
        response_a=pair.response_b,
        response_b=pair.response_a,
        model_a=pair.model_b,
        model_b=pair.model_a,
        human_label=pair.human_label and other_verdict(pair.human_label),
        human_labels=tuple(map(other_verdict, pair.human_labels)),
        target_a=pair.target_b,
        target_b=pair.target_a,
        flawed=pair.flawed and pair.flawed.other,
    )


def swapped_judgment(one: Judgment) -> Judgment:
    if isinstance(one, PointwiseJudgment):
        return replace(one, response=one.response.other)
    return replace(
        one,
        order=other_order(one.order),
        verdict=other_verdict(one.verdict),
        score_a=one.score_b,
        score_b=one.score_a,
        critique_a=one.critique_b,
        critique_b=one.critique_a,
    )


def swapped_ask(ask: Ask) -> Ask:
    return Ask(ask.protocol, ask.order and other_order(ask.order), ask.response and ask.response.other)


def swapped(judged: JudgedPair) -> JudgedPair:
    """The same pair judged the same way, had its data called b what it calls a; asks in their order again."""
    place = {ask: index for index, ask in enumerate(asks(tuple(Protocol)))}
    return JudgedPair(
        swapped_pair(judged.pair),
        tuple(sorted(map(swapped_judgment, judged.judgments), key=lambda one: place[ask_of(one)])),
        tuple(
            sorted((replace(one, ask=swapped_ask(one.ask)) for one in judged.failures), key=lambda one: place[one.ask])
        ),
        settled=judged.settled and other_verdict(judged.settled),
    )


def ask_of(one: Judgment) -> Ask:
    if isinstance(one, PairwiseJudgment):
        return Ask(Protocol.PAIRWISE, order=one.order)
    return Ask(Protocol.POINTWISE, response=one.response)
