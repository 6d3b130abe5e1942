"""What a run will ask for its prompts, as far as it can be known before anybody has answered."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from synth.domain import Message, Pair, PromptRow
from synth.promptset.alike import sketch
from synth.promptset.quotas import Candidate, Quotas, beyond
from synth.promptset.writing import Assumed, Reply, Wanted, written
from synth.rows.pairs import SetAside, prompt_key, without_pair
from synth.rows.prompts import Placed
from synth.run import choosing
from synth.run.intake import Intake
from synth.run.known import Known
from synth.run.prepare import Prepared
from synth.run.prompting.asks import Asks
from synth.run.prompting.generating import aside, judge_of, prompt_row, slots_of, source
from synth.run.prompting.quotas import REASON, as_one, has_quotas, quotas
from synth.run.teacher import terms
from synth.teacher.call import Request

WRITING = "writing prompts"
_USUAL_CHARS = 400

One = TypeVar("One", Pair, Pair | Placed)


def within_quotas(
    prepared: Prepared, taken_in: Callable[[Intake], Iterator[One]], intake: Intake, known: Known
) -> tuple[Iterator[One], Quotas]:
    """The rows that a run takes, and what is left of the quotas; `taken_in` reads them all, and may be called twice.

    A row whose scenario nobody has chosen yet is taken, and leaves the quotas as they are.
    """
    room = quotas(prepared)
    if not has_quotas(prepared):
        return taken_in(intake), room
    candidates = as_one((_candidate(prepared, one, known), _labelled(one)) for one in taken_in(Intake()))
    out = beyond(candidates, room, prepared.config.seed)

    def left() -> Iterator[One]:
        for one in taken_in(intake):
            why = out.get(_candidate(prepared, one, known))
            if why is None:
                yield one
                continue
            if isinstance(one, Pair):
                intake.taken -= 1
                intake.set_aside.append(SetAside(0, REASON, why, one))
            else:
                intake.prompts -= 1
                intake.set_aside.append(SetAside(one.number, REASON, why, without_pair(one.row)))

    return left(), room


def to_write(
    prepared: Prepared, intake: Intake, known: Known, room: Quotas, before: Sequence[Pair | PromptRow]
) -> tuple[list[Request], list[PromptRow]]:
    """The calls, and the prompts that come of them. One that is not written yet counts as one of a usual length.

    `before` are the rows that were taken in, which those that are written have to be unlike.
    """
    asks = Asks(prepared)
    slots, over = slots_of(asks, room, len(before))
    calls: list[Request] = []

    def ask(wanted: Sequence[Wanted]) -> Iterator[Reply]:
        for one in wanted:
            calls.append(asks.request(one))
            reply = known.get(calls[-1])
            yield asks.read(reply.text, reply.finish_reason) if reply else Assumed()

    judge = judge_of(asks)
    if judge.taken is not None:
        for row in before:
            judge.taken.add(row.id, sketch(row.prompt))
    last = {one.wanted.slot.id: one for one in written(slots, ask, judge, asks.wanted.tries)}
    rows = []
    for name, one in last.items():
        if not one.taken:
            intake.set_aside.append(aside(asks, one))
        elif isinstance(one.written, Assumed):
            text = name.ljust(_USUAL_CHARS, ".")
            rows.append(
                PromptRow(name, (Message("user", text),), scenario=one.wanted.slot.scenario, source=source(asks))
            )
        else:
            rows.append(prompt_row(asks, one))
    intake.rows += len(slots) + over
    intake.beyond_limit += over
    intake.prompts += len(rows)
    return calls, rows


def _candidate(prepared: Prepared, one: Pair | Placed, known: Known) -> Candidate:
    row = one if isinstance(one, Pair) else one.row
    named = row.scenario or prepared.config.scenarios.default or ""
    if not named:
        reply = known.get(choosing.request(prepared, terms(prepared), row.prompt))
        named = choosing.read_choice(prepared, reply.text) if reply else ""
    return Candidate(prompt_key(row.prompt), named)


def _labelled(one: Pair | Placed) -> bool:
    return isinstance(one, Pair) and (one.human_label is not None or bool(one.human_labels))
