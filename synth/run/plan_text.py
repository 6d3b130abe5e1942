"""A plan as a table for the terminal, with what its numbers rest on."""

from collections.abc import Iterator, Sequence
from math import ceil

from synth.run.estimate import SECONDS_A_TOKEN, SECONDS_TO_BEGIN, Stage
from synth.run.plan import Plan, Rescue
from synth.teacher.budget import usd
from synth.teacher.prices import Price

_HEAD = ("stage", "calls", "in journal", "input tokens", "output tokens", "at most", "USD", "at most", "time")


def text(plan: Plan) -> str:
    return "\n".join((*_table(plan), "", *_notes(plan)))


def _table(plan: Plan) -> Iterator[str]:
    rows = [_HEAD, *map(_row, plan.stages)]
    if len(plan.stages) > 1:
        rows.append(_row(_total(plan.stages)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  " + "  ".join((row[0].ljust(widths[0]), *cells))


def _row(stage: Stage) -> tuple[str, ...]:
    return (
        stage.name,
        f"{stage.calls:,}",
        f"{stage.in_journal:,}",
        f"{stage.input_tokens:,}",
        f"{stage.output_tokens:,}",
        f"{stage.most_output_tokens:,}",
        "?" if stage.cost_usd is None else usd(stage.cost_usd),
        "?" if stage.most_usd is None else usd(stage.most_usd),
        "?" if stage.seconds is None else _duration(stage.seconds),
    )


def _total(stages: Sequence[Stage]) -> Stage:
    return Stage(
        name="all",
        calls=sum(one.calls for one in stages),
        in_journal=sum(one.in_journal for one in stages),
        measured_on=sum(one.measured_on for one in stages),
        input_tokens=sum(one.input_tokens for one in stages),
        output_tokens=sum(one.output_tokens for one in stages),
        most_output_tokens=sum(one.most_output_tokens for one in stages),
        cost_usd=_sum([one.cost_usd for one in stages]),
        most_usd=_sum([one.most_usd for one in stages]),
        seconds=_sum([one.seconds for one in stages]),
    )


def _sum(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{ceil(seconds)} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _notes(plan: Plan) -> Iterator[str]:
    left_out = [f"{plan.planted} with a planted flaw"] if plan.planted else []
    left_out += [f"{plan.set_aside} rows set aside"] if plan.set_aside else []
    left_out += [f"{plan.beyond_limit} beyond data.limit"] if plan.beyond_limit else []
    made_of = f", of {plan.prompts} prompts" if plan.prompts else ""
    yield f"Pairs: {plan.pairs}{made_of}{' (' + ', '.join(left_out) + ')' if left_out else ''}."
    if plan.pairs_carried:
        yield f"Carried over from {plan.previous}: {plan.pairs_carried} pairs, which are not asked about."
    if plan.calls_carried:
        yield f"In the journal of {plan.previous}: {plan.calls_carried} calls, which are not paid for again."
    yield "At most: every reply is as long as max_tokens allows."
    bases = {stage.name: _basis(stage) for stage in plan.stages if stage.calls}
    for basis in dict.fromkeys(bases.values()):
        names = [name for name in bases if bases[name] == basis]
        yield f"Tokens{' of ' + ' and '.join(names) if len(names) < len(bases) else ''}: {basis}."
    if plan.prompts and any(stage.calls for stage in plan.stages if stage.name.startswith(("responding", "writing"))):
        yield "What is not written yet counts as a usable response of a usual length."
    if plan.rescue is not None:
        yield _rescue(plan.rescue)
    yield from _price(plan)
    if plan.unpriced:
        models = " and ".join(plan.unpriced)
        yield f"Price of {models}: unknown; set prices: {{input: ..., output: ...}} where the config names it."
    yield from (f"Warning: {note}." for note in plan.notes)
    if all(stage.seconds is None for stage in plan.stages):
        yield "Time: whatever this machine takes; nothing is known of a local model beforehand."
    else:
        yield (
            f"Time: not measured; {_slots(plan)}, assuming {SECONDS_TO_BEGIN:g} s until a reply begins and "
            f"{1 / SECONDS_A_TOKEN:g} tokens a second."
        )


def _rescue(rescue: Rescue) -> str:
    said = f"Rescue by {rescue.model}: "
    if rescue.judged:
        said += f"of {rescue.judged} judged pairs {rescue.again} are asked again; "
    if rescue.judged and rescue.share == round(rescue.again / rescue.judged, 4):
        return f"{said}so is taken for the others, {rescue.share:.0%} of them."
    return f"{said}of the others, {rescue.share:.0%} are assumed to be (a first look with --limit 20 measures it)."


def _slots(plan: Plan) -> str:
    second = f", {plan.rescue.slots} of the rescue" if plan.rescue and plan.rescue.slots != plan.slots else ""
    return f"{plan.slots} slots{second}"


def _basis(stage: Stage) -> str:
    if stage.measured_on:
        return f"from {stage.measured_on} calls of this run"
    return "assumed, 4 bytes a token and replies of a usual length (reasoning models write more)"


def _price(plan: Plan) -> Iterator[str]:
    if plan.price is None:
        yield (
            "Price: unknown for this model at this endpoint; set teacher.prices: {input: ..., output: ...}, in USD a "
            "million tokens."
        )
        return
    yield f"Price: {_per_million(plan.price)}."
    if plan.rescue is not None:
        price = plan.rescue.price
        known = _per_million(price) if price else "unknown; set rescue.teacher.prices: {input: ..., output: ...}"
        yield f"Price of the rescue: {known}."
    if plan.spent_usd:
        yield f"Spent so far: {usd(plan.spent_usd)} USD."
    if plan.budget_usd is not None:
        left = max(plan.budget_usd - (plan.spent_usd or 0.0), 0.0)
        enough = (_total(plan.stages).cost_usd or 0.0) <= left
        verdict = (
            "which should do" if enough else "which will not do; the run stops there and goes on when it is raised"
        )
        yield f"Budget: budget_usd {plan.budget_usd:g} leaves {usd(left)} USD, {verdict}."


def _per_million(price: Price) -> str:
    rate, *longer = price.rates
    dearer = "; long prompts cost more" if longer else ""
    cache = ""
    if rate.cached_input < rate.input:
        cache = f"; {rate.cached_input:g} for input in the endpoint's cache, which is not counted on"
    return f"{rate.input:g} USD a million tokens of input, {rate.output:g} of output{dearer}{cache}"
