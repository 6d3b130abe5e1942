"""Judged pairs for benchmarks of the filters: English out of templates, with the things that filters look for in it."""

from collections.abc import Callable
from random import Random

from benchmarks.vocabulary import KINDS, NOUNS, SCENARIOS, VERBS
from synth.domain import (
    CriterionGrade,
    JudgedPair,
    Judgment,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Side,
    Verdict,
)

_CRITERIA = ("accuracy", "clarity", "completeness", "structure", "tone")

# {r} is the response, {q} a passage that it has, {n} {m} {k} are words of the subject.
_REMARKS = (
    "{r} opens with a clear account of the {n} and then turns to how the {m} depends on it.",
    "The explanation of the {n} in {r} is accurate, and the steps follow each other in an order that makes sense.",
    'When {r} says "{q}", it gives the user a concrete point to work with, which is what was asked for.',
    "What is missing is any word about the {n}, although the {m} is at the centre of the question.",
    "The tone is {k} and polite throughout, but the part about the {n} is longer than it has to be.",
    'The sentence "{q}" is the strongest one, because it ties the {n} to the {m} without going off the subject.',
    "A reader who knows nothing of the {n} would still be able to follow what {r} has to say about the {m}.",
    "{r} could have been improved by an example that shows how the {k} {n} works in practice.",
    "Its second paragraph repeats what was said of the {m}, and adds little that is of use to the user.",
    "It doesn't consider the limits of the {n}, so that the advice about the {m} is only half of the answer.",
    "There are no factual errors in what it says about the {n}, and the wording is easy to understand.",
    'It might have said "a {k} {n} first" instead, as that would have been clearer to most people.',
    "The list of {k} points on the {n} is well organised, with one idea to a line and no filler between them.",
    "With regard to the {m}, {r} stays vague and leaves it to the user to find out what the {n} costs.",
    "Compared with what an expert on the {n} would write, the treatment of the {m} is rather thin.",
    "The conclusion that the {n} matters more than the {m} is supported by the reasons that were given before.",
    "It keeps to the length that the user wanted, and it does so without leaving out the {k} {n}.",
    "Some of the terms, such as the one for the {n}, are used before they have been explained.",
    "The instruction to write about the {m} is followed closely, and the format is the one that was asked for.",
    "On the whole, the {k} part about the {n} is helpful, and it shows that the request was understood.",
)  # fmt: skip
_FAULTS: tuple[str, ...] = (
    'It claims that "nobody in the {n} has ever seen such a {m} before".',
    "By the given criteria, the part about the {n} falls short.",
    "It is closer to the reference answer when it comes to the {n}.",
    "It reads as if ChatGPT had written it about the {n}.",
)
_FAULTY = 0.03  # of each kind


def judged_pair(number: int) -> JudgedPair:
    """The same for everybody who asks for this number: two comparisons, two grades, critiques of 60 to 150 words."""
    draw = Random(number)
    pair = Pair(
        id=f"pair-{number}",
        prompt=(Message("user", f"Write about the {draw.choice(NOUNS)}. {_prose(draw, 30)}"),),
        response_a=_prose(draw, draw.randint(60, 180)),
        response_b=_prose(draw, draw.randint(60, 180)),
        scenario=draw.choice(SCENARIOS),
        source="made",
    )
    verdict = draw.choices(tuple(Verdict), (45, 45, 10))[0]
    high, low = draw.randint(6, 9), draw.randint(2, 5)
    scores = {Side.A: high, Side.B: high if verdict is Verdict.TIE else low}
    if verdict is Verdict.B:
        scores = {Side.A: low, Side.B: high}
    flips = verdict is not Verdict.TIE and draw.random() < _FAULTY
    judgments: list[Judgment] = [_comparison(draw, pair, order, verdict, scores, flips) for order in Order]
    judgments += [_grade(draw, pair, side, scores[side]) for side in Side]
    return JudgedPair(pair, tuple(judgments))


def _comparison(
    draw: Random, pair: Pair, order: Order, verdict: Verdict, scores: dict[Side, int], flips: bool
) -> PairwiseJudgment:
    names = {order.first: "Response 1", order.second: "Response 2"}
    if flips and order is Order.BA:
        verdict = Verdict.B if verdict is Verdict.A else Verdict.A
        scores = {Side.A: scores[Side.B], Side.B: scores[Side.A]}
    winner = None if verdict is Verdict.TIE else Side(str(verdict))
    end = f"Overall, {names[winner]} is better." if winner else "Both are of the same quality, all things considered."
    both = tuple(names)
    return PairwiseJudgment(
        order,
        verdict,
        float(scores[Side.A]),
        float(scores[Side.B]),
        comparison=f"{_critique(draw, pair, lambda: draw.choice(both), names)} {end}",
        critique_a=_critique(draw, pair, lambda: Side.A, names),
        critique_b=_critique(draw, pair, lambda: Side.B, names),
    )


def _grade(draw: Random, pair: Pair, side: Side, score: int) -> PointwiseJudgment:
    names = {side: "The response"}
    criteria = tuple(
        CriterionGrade(name, float(min(10, max(1, score + draw.randint(-1, 1)))), _remark(draw, pair, side, names))
        for name in draw.sample(_CRITERIA, 3)
    )
    return PointwiseJudgment(side, float(score), _critique(draw, pair, lambda: side, names), criteria)


def _critique(draw: Random, pair: Pair, about: Callable[[], Side], names: dict[Side, str]) -> str:
    wanted, said, count = draw.randint(60, 135), [], 0
    while count < wanted:
        said.append(_remark(draw, pair, about(), names))
        count += said[-1].count(" ") + 1
    if draw.random() < _FAULTY / len(_FAULTS) * 2:
        said.append(_filled(draw, draw.choice(_FAULTS)))
    return (" " if draw.random() < 0.7 else "\n\n").join(said)


def _remark(draw: Random, pair: Pair, side: Side, names: dict[Side, str]) -> str:
    sentence = draw.choice(pair.response(side).split(". ")).rstrip(".")
    made = _filled(draw, draw.choice(_REMARKS), r=names[side], q=sentence)
    return made[0].upper() + made[1:]


def _filled(draw: Random, template: str, **more: str) -> str:
    return template.format(n=draw.choice(NOUNS), m=draw.choice(NOUNS), k=draw.choice(KINDS), **more)


def _prose(draw: Random, words: int) -> str:
    said: list[str] = []
    while sum(map(len, said)) < 6 * words:
        said.append(
            f"The {draw.choice(KINDS)} {draw.choice(NOUNS)} {draw.choice(VERBS)} the {draw.choice(NOUNS)} of the "
            f"{draw.choice(KINDS)} {draw.choice(NOUNS)}."
        )
    return " ".join(said)
