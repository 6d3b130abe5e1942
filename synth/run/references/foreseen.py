"""What references will be asked for, and the pairs as the teacher will see them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from synth.domain import Pair
from synth.pairing.response import Response
from synth.run.estimate import expected_output
from synth.run.known import Known
from synth.run.prepare import Prepared
from synth.run.references.found import majority
from synth.run.references.writer import wanted, writer
from synth.teacher.call import Request
from synth.teacher.usage import BYTES_A_TOKEN

ResponsesTo = Callable[[Pair], Sequence[Response]]


def no_responses(pair: Pair) -> Sequence[Response]:
    """Of a pair that was not made of a prompt's responses, or where it does not matter."""
    return ()


class Foreseen:
    """A reference that nobody wrote yet counts as a text of a usual length."""

    def __init__(self, prepared: Prepared, known: Known, responses: ResponsesTo) -> None:
        self._prepared, self._known, self._responses = prepared, known, responses
        self._writer = writer(prepared)

    def of(self, pair: Pair, scenario: str) -> tuple[list[Request], Pair]:
        """The calls that the pair's reference takes, and the pair with it."""
        if not wanted(self._prepared, pair, scenario):
            return [], pair
        if self._writer is None:
            found = majority(self._responses(pair))
            return [], replace(pair, reference=found.text, reference_by=found.by)
        calls = self._writer.requests(pair.prompt)
        replies = [(number, self._known.get(one)) for number, one in enumerate(calls, start=1)]
        answers = [self._writer.answer(number, one.text, one.finish_reason) for number, one in replies if one]
        if len(answers) < len(calls):
            return calls, replace(pair, reference="." * (expected_output("") * BYTES_A_TOKEN))
        found = self._writer.reference(answers)
        return calls, replace(pair, reference=found.text, reference_by=found.by)
