"""`judgemill preview`: a few pairs of a run end to end, with what was sent and what filters of single pairs say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filters import Dropped
from synth.asking import Messages
from synth.domain import Ask, Failure, JudgedPair, Judgment, Pair, asks
from synth.run import tables
from synth.run.choosing import How
from synth.run.intake import Intake, take_in
from synth.run.known import Known
from synth.run.picking import picked
from synth.run.prepare import Prepared
from synth.run.prompting.asks import Asks, generates
from synth.run.prompting.generating import slots_of
from synth.run.prompting.quotas import quotas
from synth.run.references.writer import writer
from synth.run.requests import REFERENCES, RESCUE, SCENARIOS, requests
from synth.run.responding.intake import prompt_table, take_prompts
from synth.teacher.call import Reply
from synth.teacher.journal import Journal
from synth.teacher.progress import Counts
from synth.teacher.usage import Usage, used

_BEFORE = {SCENARIOS: "scenario", REFERENCES: "reference"}  # what is asked for in a stage before judging


@dataclass(frozen=True, slots=True)
class Sent:
    """One call about a pair: its messages as they were sent, and what came back; None where nothing did.

    `ask` is None for the calls of a stage before judging, which have no `outcome`: `before` names it.
    """

    ask: Ask | None
    messages: Messages
    reply: Reply | None
    outcome: Judgment | Failure | None
    used: Usage | None
    before: str = ""

    @property
    def name(self) -> str:
        return self.ask.name if self.ask else self.before


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair with its judgments, the objection of a filter if there is one, and the calls behind it."""

    judged: JudgedPair
    dropped: Dropped | None
    how: How
    reason: str
    sent: tuple[Sent, ...]
    cost_usd: float | None

    @property
    def input_tokens(self) -> int:
        return sum(one.used.input_tokens for one in self.sent if one.used)

    @property
    def output_tokens(self) -> int:
        return sum(one.used.output_tokens for one in self.sent if one.used)


@dataclass(frozen=True, slots=True)
class Preview:
    """`shown` of the `of` pairs that a run would judge, or made of some of the `of` prompts that it takes in.

    `later` are the filters that look at the whole set, which a preview has not. `live` where the config says batch: a
    preview does not wait a day.
    """

    folder: Path
    shown: tuple[Shown, ...]
    of: int
    scenarios: str
    calls: Counts
    later: tuple[str, ...]
    live: bool
    made_of_prompts: bool = False

    def record(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "folder": str(self.folder),
            "pairs": [_record(one) for one in self.shown],
            "previewed": len(self.shown),
            "of": self.of,
            "made_of_prompts": self.made_of_prompts,
            "kept": sum(one.dropped is None for one in self.shown),
            "filters_of_the_whole_set": list(self.later),
            "calls": {"made": self.calls.answered, "from_journal": self.calls.reused, "failed": self.calls.failed},
            "spent_now_usd": self.calls.cost_usd,
        }


def take_few(prepared: Prepared, n: int) -> tuple[Intake, int]:
    """Read the whole input, as a run does; of prompts only a few are left for the stages to come.

    Returns what a run takes in, and how many pairs or prompts that are. Raises ConfigError where a run does.
    """
    folder = prepared.folder
    folder.pairs.parent.mkdir(parents=True, exist_ok=True)
    if not prepared.config.takes_prompts:
        intake = take_in(prepared)
        return intake, intake.taken
    intake = take_prompts(prepared)
    of = intake.prompts + intake.taken
    if generates(prepared.config):
        of += len(slots_of(Asks(prepared), quotas(prepared), of)[0])
    return few_prompts(prepared, n, intake), of


def few_prompts(prepared: Prepared, n: int, intake: Intake) -> Intake:
    """Leave a few prompts and labelled pairs, in all."""
    table, folder = prompt_table(prepared.folder), prepared.folder
    _leave_few(prepared, n, {table: tables.PROMPT_ROWS, folder.pairs: tables.PAIRS})
    return replace(intake, prompts=tables.count(table), taken=tables.count(folder.pairs))


def few_pairs(prepared: Prepared, n: int) -> None:
    """Leave a few pairs in pairs.parquet."""
    _leave_few(prepared, n, {prepared.folder.pairs: tables.PAIRS})


def _leave_few(prepared: Prepared, n: int, written: Mapping[Path, Any]) -> None:
    """Of the rows of some tables, with their schemas, leave `n` in all."""
    default = prepared.config.scenarios.default or ""
    rows = tables.read_all(written, ["id", "scenario"])
    places = picked(({**row, "scenario": row["scenario"] or default} for row in rows), n, seed=prepared.config.seed)
    turns = {place: turn for turn, place in enumerate(places)}
    before = 0
    for path, schema in written.items():
        found = {turns[place]: row for place, row in enumerate(tables.read(path), before) if place in turns}
        before += tables.count(path)
        tables.write(path, schema, [found[turn] for turn in sorted(found)])


def look(prepared: Prepared, pairs: Sequence[Pair]) -> Iterator[Shown]:
    """The pairs of a preview, once they are judged; `pairs` are as they were before a scenario was chosen.

    What was sent is rendered again, and found in the journal by the hash of every letter of it.
    """
    folder, journal = prepared.folder, Journal(prepared.folder.calls)
    asked_about = {pair.id: pair for pair in pairs}
    choices = {row["pair_id"]: row for row in tables.read(folder.scenarios)}
    for judged in tables.judged_pairs(folder.pairs, folder.judgments):
        pair, choice = judged.pair, choices[judged.pair.id]
        found = prepared.filters.one(judged)
        sent = tuple(_sent(prepared, asked_about[pair.id], judged, journal))
        yield Shown(
            judged=judged if isinstance(found, Dropped) else found,
            dropped=found if isinstance(found, Dropped) else None,
            how=How(choice["how"]),
            reason=choice["reason"],
            sent=sent,
            cost_usd=_cost(prepared, sent),
        )


def _sent(prepared: Prepared, pair: Pair, judged: JudgedPair, journal: Journal) -> Iterator[Sent]:
    if writer(prepared) is None:  # a reference that the responses make took no call
        pair = replace(pair, reference=judged.pair.reference, reference_by=judged.pair.reference_by)
    every = iter(asks(tuple(prepared.config.judging.protocols)))
    for stage, request in requests(prepared, [pair], Known(journal)):
        if stage != RESCUE:
            ask = next(every) if stage.startswith("judging") else None
            reply = journal.get(request)
            outcome = judged.outcome(ask) if ask else None
            spent = used(request, reply) if reply else None
            yield Sent(ask, request.messages, reply, outcome, spent, _BEFORE.get(stage, ""))


def _cost(prepared: Prepared, sent: Sequence[Sent]) -> float | None:
    who, total = writer(prepared), 0.0
    for one in sent:
        of_writer = who if one.before == _BEFORE[REFERENCES] else None
        price = prepared.prices[of_writer.terms.model] if of_writer else prepared.price
        if price is None:
            return None
        total += price.cost(one.used) if one.used else 0
    return round(total, 6)


def _record(shown: Shown) -> dict[str, Any]:
    return {
        **tables.pair_row(shown.judged.pair),
        "scenario_from": shown.how,
        "scenario_reason": shown.reason,
        "calls": [_call(one) for one in shown.sent],
        "verdict": shown.judged.verdict,
        "kept": shown.dropped is None,
        "dropped": asdict(shown.dropped) if shown.dropped else None,
        "input_tokens": shown.input_tokens,
        "output_tokens": shown.output_tokens,
        "cost_usd": shown.cost_usd,
    }


def _call(one: Sent) -> dict[str, Any]:
    failure = one.outcome if isinstance(one.outcome, Failure) else None
    judgment = one.outcome if failure is None else None
    return {
        "name": one.name,
        "messages": [{"role": role, "content": content} for role, content in one.messages],
        "reply": one.reply.text if one.reply else None,
        "judgment": asdict(judgment) if judgment else None,
        "failure": {"reason": failure.reason, "detail": failure.detail} if failure else None,
    }
