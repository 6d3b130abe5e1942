"""Has prompts written round by round: what is refused is asked for anew, and what is taken is unlike all before it.

A round's prompts are looked at in the order of their slots, whatever came first, so that the same replies make the
same prompts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from synth.domain import Message, ParseFailure, Prompt
from synth.parsing.prompt_reply import WrittenPrompt
from synth.promptset.alike import Taken, sketch
from synth.promptset.screen import Objection
from synth.promptset.slots import Slot

NEAR_DUPLICATE = "near-duplicate prompt"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A try at a slot; `sample` counts them from 0. `unlike` is what the last one was too much like, or empty."""

    slot: Slot
    sample: int = 0
    unlike: str = ""


@dataclass(frozen=True, slots=True)
class Assumed:
    """In place of a prompt that is not written yet, and is taken for a good one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try: a prompt, or an objection to what there is of one."""

    wanted: Wanted
    written: WrittenPrompt | Assumed | None
    objection: Objection | None = None

    @property
    def taken(self) -> bool:
        return self.objection is None


Reply = WrittenPrompt | ParseFailure | Assumed | Objection  # an Objection is a call that failed


@dataclass(frozen=True, slots=True)
class Judge:
    """`objects` is the objection to a prompt by itself; `taken` are those that it has to be unlike, None where it need
    not."""

    objects: Callable[[Prompt], Objection | None]
    taken: Taken | None

    def look(self, wanted: Wanted, reply: Reply, texts: dict[str, str]) -> tuple[Tried, str]:
        """What came of a try, and the prompt that it is too much like. `texts` are prompts that were taken by name."""
        match reply:
            case Assumed():
                return Tried(wanted, reply), ""
            case ParseFailure():
                return Tried(wanted, None, Objection("unreadable prompt", reply.reason)), ""
            case Objection():
                return Tried(wanted, None, reply), ""
        prompt: Prompt = (Message("user", reply.prompt),)
        if found := self.objects(prompt):
            return Tried(wanted, reply, found), ""
        if self.taken is not None:
            drawn = sketch(prompt)
            if like := self.taken.like(drawn):
                return Tried(wanted, reply, Objection(NEAR_DUPLICATE, f"like {like}")), texts.get(like, "")
            self.taken.add(wanted.slot.id, drawn)
        texts[wanted.slot.id] = reply.prompt
        return Tried(wanted, reply), ""


def written(
    slots: Sequence[Slot], ask: Callable[[Sequence[Wanted]], Iterator[Reply]], judge: Judge, tries: int
) -> Iterator[Tried]:
    """Every try, round by round. `ask` brings a reply to each, in their order."""
    left = [Wanted(slot) for slot in slots]
    texts: dict[str, str] = {}
    for _ in range(tries):
        again = []
        for wanted, reply in zip(left, ask(left) if left else (), strict=True):
            tried, like = judge.look(wanted, reply, texts)
            yield tried
            if not tried.taken and not isinstance(reply, Objection):
                again.append(Wanted(wanted.slot, wanted.sample + 1, like))
        left = again
