"""What a preview says, in words and rows; `preview_text` lays it out."""

from collections import Counter
from collections.abc import Iterable, Iterator

from synth.domain import Failure, Order, PairwiseJudgment, PointwiseJudgment
from synth.run.choosing import How
from synth.run.plan import Plan
from synth.run.preview import Preview, Sent, Shown
from synth.teacher.budget import usd

_LONG = 600  # characters
_LINE = 160

Row = tuple[str, str, str]


def fate(one: Shown) -> str:
    """Kept, or by which filter it was dropped and why."""
    if one.dropped:
        return f"DROPPED by {one.dropped.filter}: {one.dropped.reason} ({one.dropped.detail})"
    return f"KEPT: {_winner(str(one.judged.verdict))}"


def _winner(verdict: str) -> str:
    return "tie" if verdict == "tie" else f"{verdict} is better"


def named(one: Shown, *, short: bool) -> Iterator[tuple[str, str]]:
    """Name and value of what there is to say of a pair; the beginnings of the messages, where `short`."""
    pair = one.judged.pair
    if one.how not in (How.GIVEN, How.DEFAULT):
        yield "scenario", f"{one.how}{' by the teacher' if one.how is How.CHOSEN else ''}: {one.reason}"
    turns = [turn.content if len(pair.prompt) == 1 else f"[{turn.role}] {turn.content}" for turn in pair.prompt]
    yield "prompt", _clipped("\n".join(turns), _LONG)
    if pair.reference:
        yield f"reference ({pair.reference_source})", _clipped(pair.reference, _LONG)
    if pair.human_label:
        yield "human label", str(pair.human_label)
    if pair.planted:
        yield "planted flaw", f"{pair.planted} in {pair.flawed}"
    if short:
        for kind, sent in _first_of_each_kind(one.sent):
            for role, content in sent.messages:
                yield f"{kind}, {role}", _clipped(" ".join(content.split()), _LINE, len(content))
    cost = "" if one.cost_usd is None else f", {usd(one.cost_usd)} USD"
    calls = sum(call.reply is not None for call in one.sent)
    yield "took", f"{calls} calls, {one.input_tokens:,} tokens of input, {one.output_tokens:,} of output{cost}"


def _first_of_each_kind(sent: Iterable[Sent]) -> Iterator[tuple[str, Sent]]:
    """The orders differ in the order of the responses only, the grades in the response."""
    seen = set()
    for one in sent:
        kind = str(one.ask.protocol) if one.ask else one.name
        if kind not in seen:
            seen.add(kind)
            yield kind, one


def messages(one: Shown, number: str, said: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Title and text of every message. `said` remembers where each stood first, so that it is shown once only."""
    for sent in one.sent:
        for role, content in sent.messages:
            title = f"{sent.name}, {role}"
            before = said.setdefault(content, f"{number}, {title}")
            is_new = before == f"{number}, {title}"
            yield f"[{title}]", content if is_new else f"(the same as {before})"


def sections(one: Shown) -> tuple[list[Row], ...]:
    """Name, left, right; the first row of each is its head. A section without rows was not asked for."""
    return _responses(one), _orders(one), _grades(one)


def _responses(one: Shown) -> list[Row]:
    pair = one.judged.pair
    texts = ("", _clipped(pair.response_a, _LONG), _clipped(pair.response_b, _LONG))
    target_a, target_b = ("" if score is None else f"{score:g}" for score in (pair.target_a, pair.target_b))
    made = [("model", pair.model_a, pair.model_b), ("target", target_a, target_b)]
    return [("", "response a", "response b"), *made, texts]


def _orders(one: Shown) -> list[Row]:
    orders = [sent for sent in one.sent if sent.ask and sent.ask.order]
    if not orders:
        return []
    left, right = (_comparison(sent) for sent in orders)
    heads = [f"order {order}: {order.first} is Response 1, {order.second} Response 2" for order in Order]
    return [("", heads[0], heads[1]), *_paired(left, right)]


def _grades(one: Shown) -> list[Row]:
    grades = [sent for sent in one.sent if sent.ask and sent.ask.response]
    if not grades:
        return []
    left, right = (_grade(sent) for sent in grades)
    named = (("" if name.startswith("- ") else name, of_a, of_b) for name, of_a, of_b in _paired(left, right))
    return [("", "a alone", "b alone"), *named]


def _paired(left: dict[str, str], right: dict[str, str]) -> Iterator[Row]:
    for name in dict.fromkeys((*left, *right)):
        yield name, left.get(name, ""), right.get(name, "")


def _comparison(sent: Sent) -> dict[str, str]:
    found = sent.outcome
    if not isinstance(found, PairwiseJudgment):
        return _failure(found)
    scores = {side: score for side, score in (("a", found.score_a), ("b", found.score_b)) if score is not None}
    return {
        "verdict": _winner(found.verdict),
        "scores": ", ".join(f"{side} {score:g}" for side, score in scores.items()),
        "own answer": _clipped(found.reference, _LONG),
        "comparison": found.comparison,
        "critique a": found.critique_a,
        "critique b": found.critique_b,
    }


def _grade(sent: Sent) -> dict[str, str]:
    found = sent.outcome
    if not isinstance(found, PointwiseJudgment):
        return _failure(found)
    return {
        "score": f"{found.score:g}",
        "own answer": _clipped(found.reference, _LONG),
        "critique": found.critique,
        **{f"- {one.criterion}": f"{one.criterion} {one.score:g}: {one.comment}" for one in found.criteria},
    }


def _failure(found: object) -> dict[str, str]:
    if not isinstance(found, Failure):
        return {}
    return {"failed": f"{found.reason}: {found.detail}", "reply": _clipped(found.raw, _LONG)}


def summary(preview: Preview) -> Iterator[str]:
    """Over how many pairs, what was called, and what became of them."""
    shown, calls = preview.shown, preview.calls
    scenarios = len({one.judged.pair.scenario for one in shown})
    of = f"pairs of {preview.of:,} prompts" if preview.made_of_prompts else f"of {preview.of:,} pairs"
    yield f"{len(shown)} {of}, of {scenarios} scenario{'s' * (scenarios > 1)}"
    yield preview.scenarios
    yield f"{calls.answered} calls made, {calls.reused} taken from the journal"
    if calls.failed:
        yield f"{calls.failed} calls failed for good; running again tries those, and no other"
    if preview.live:
        yield "They were made live, at twice the price of a batch: a preview does not wait a day."
    dropped = Counter(f"{one.dropped.filter}: {one.dropped.reason}" for one in shown if one.dropped)
    reasons = "".join(f"; {count} {reason}" for reason, count in dropped.most_common())
    yield f"kept {len(shown) - dropped.total()} of {len(shown)}{reasons}"
    if preview.later:
        yield f"{', '.join(preview.later)}: look at the whole set, and have their say in the run only"


def _clipped(text: str, most: int, length: int = 0) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()} ... ({length or len(text):,} characters)"


def in_all(plan: Plan) -> str:
    """One line over a plan that knows the preview's calls."""
    made = sum(stage.in_journal for stage in plan.stages)
    left = sum(stage.calls for stage in plan.stages)
    said = f"The whole run: {made + left:,} calls, {left:,} of them still to be made"
    costs = [stage.cost_usd for stage in plan.stages]
    known = [cost for cost in costs if cost is not None]
    return f"{said}, for about {usd(sum(known))} USD." if len(known) == len(costs) else f"{said}."
