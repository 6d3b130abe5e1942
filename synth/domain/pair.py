"""A prompt and the two responses to judge."""

from dataclasses import dataclass

from synth.domain.judgment import Side, Verdict


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt: `role` is system, user or assistant."""

    role: str
    content: str


Prompt = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two responses to one prompt; `response_a` and `response_b` are identities that never change.

    `scenario` is the name of a scenario definition. `human_labels` is what each of several annotators said, where that
    is known; `human_label` then is their majority, None where no label has the most votes. `personal_data` are the
    kinds that were found in the prompt, `reference_by` is who wrote the reference, where the row did not bring it.
    Empty strings stand for what the data does not say.

    `target_a` and `target_b` are the scores that a response was written to earn, on the scale of its scenario; None
    where it was not. `planted` names the flaw that was planted in the response `flawed`, which but for it is the other
    one. None of these is a label, and no model is shown them.
    """

    id: str
    prompt: Prompt
    response_a: str
    response_b: str
    scenario: str
    reference: str = ""
    model_a: str = ""
    model_b: str = ""
    human_label: Verdict | None = None
    source: str = ""
    human_labels: tuple[Verdict, ...] = ()
    personal_data: tuple[str, ...] = ()
    target_a: float | None = None
    target_b: float | None = None
    planted: str = ""
    flawed: Side | None = None
    reference_by: str = ""

    @property
    def reference_source(self) -> str:
        """`given`, or who wrote it: `teacher`, `model:NAME`, `majority 4 of 5`. Empty where there is no reference."""
        return self.reference and (self.reference_by or "given")

    def response(self, side: Side) -> str:
        """Its text."""
        return self.response_a if side is Side.A else self.response_b

    def target(self, side: Side) -> float | None:
        """The score that it was written to earn; None where it was not."""
        return self.target_a if side is Side.A else self.target_b
