"""What a run that makes its pairs will ask, as far as it can be known before all models have answered."""

import json
from collections.abc import Iterator
from dataclasses import replace

from synth.domain import Pair, PointwiseJudgment, PromptRow, Side
from synth.pairing.making import NoPair, pairs_of, stored, two_by_two
from synth.pairing.response import Response
from synth.pairing.strategies import Random, Spread
from synth.parsing.json_reply import parse_pointwise
from synth.parsing.schema import Schema
from synth.rows.pairs import SetAside, prompt_key, without_pair
from synth.run import choosing
from synth.run.estimate import expected_output
from synth.run.intake import Intake
from synth.run.known import Known
from synth.run.planting.planned import Foreseen
from synth.run.prepare import Prepared
from synth.run.prompting.asks import generates
from synth.run.prompting.planned import WRITING, to_write, within_quotas
from synth.run.requests import requests
from synth.run.rescue.foresight import Foresight
from synth.run.responding.grading import only_grading
from synth.run.responding.intake import to_answer
from synth.run.responding.pairing import strategy_of
from synth.run.responding.settings import answered, asked, given, request, responders, written_to_targets
from synth.run.responding.targeting import targeted, written
from synth.run.teacher import terms
from synth.scenario.offer import UNCERTAIN
from synth.teacher.call import Request
from synth.teacher.usage import BYTES_A_TOKEN

RESPONDING, TO_TARGETS = "responding, ", "writing to targets, "  # and the model


def planned(
    prepared: Prepared, intake: Intake, known: Known, foresight: Foresight | None = None
) -> Iterator[tuple[str, Request]]:
    """Every request, with the name of its stage; `intake` gets the rows, and the pairs that are made of them.

    A response that nobody wrote yet counts as a text of a usual length, and where grades decide and are not there yet,
    a pair is any of the prompt's.
    """
    one_run, flaws = _Planned(prepared, intake, known), Foreseen(prepared, intake, known)
    pairs = flaws.with_planted(one_run.pairs())
    for stage, one in requests(prepared, pairs, known, foresight=foresight, responses=one_run.responses_to):
        yield from one_run.asked_before()
        yield from flaws.asked_before()
        yield stage, one
    yield from one_run.asked_before()
    yield from flaws.asked_before()


class _Planned:
    def __init__(self, prepared: Prepared, intake: Intake, known: Known) -> None:
        self._prepared, self._intake, self._known = prepared, intake, known
        self._who = responders(prepared.config)
        self._strategy = strategy_of(prepared.config)
        self._asked: list[tuple[str, Request]] = []
        self._last: tuple[str, list[Response]] = "", []
        self._scenarios: dict[str, str] = {}

    def asked_before(self) -> Iterator[tuple[str, Request]]:
        """What is asked before the pairs that came so far are judged."""
        yield from self._asked
        self._asked.clear()

    def pairs(self) -> Iterator[Pair]:
        prepared, intake = self._prepared, self._intake
        rows, room = within_quotas(prepared, lambda into: to_answer(prepared, into), intake, self._known)
        before: list[Pair | PromptRow] = []
        for one in rows:
            if generates(prepared.config):
                before.append(one if isinstance(one, Pair) else one.row)
            if isinstance(one, Pair):
                self._last = "", []
                yield one
            else:
                yield from self._pairs_of(one.row, one.number)
        if generates(prepared.config):
            calls, more = to_write(prepared, intake, self._known, room, before)
            self._asked += [(WRITING, call) for call in calls]
            for row in more:
                yield from self._pairs_of(row, 0)

    def _pairs_of(self, row: PromptRow, number: int) -> list[Pair]:
        made = self._pairs(row)
        if isinstance(made, NoPair):
            self._intake.set_aside.append(SetAside(number, made.reason, made.detail, without_pair(row)))
            return []
        self._intake.taken += len(made)
        return made

    def responses_to(self, pair: Pair) -> list[Response]:
        """Those to the prompt that the pair was made of, the last that came; none of a pair that came ready."""
        prompt, responses = self._last
        return responses if pair.id.rpartition("/")[0] == prompt else []

    def _pairs(self, row: PromptRow) -> list[Pair] | NoPair:
        responses, strategy = self._responses(row), self._strategy
        self._last = row.id, responses
        if isinstance(strategy, Spread):
            grades = self._grades(row, responses)
            responses = [replace(one, grade=grades.get(one.number)) for one in responses]
            if not grades:
                strategy = Random(strategy.most)
        return pairs_of(row, responses, strategy, self._prepared.config.seed)

    def _responses(self, row: PromptRow) -> list[Response]:
        found = given(row)
        for number, setting in asked(row, self._who, self._prepared.config.seed):
            call = request(row, setting)
            self._asked.append((f"{RESPONDING}{setting.model}", call))
            reply = self._known.get(call)
            text = reply.text if reply else setting.name.ljust(expected_output("") * BYTES_A_TOKEN, ".")
            found.append(answered(number, setting, found, text, reply.finish_reason if reply else ""))
        if written_to_targets(row, self._who):
            self._add_targeted(row, found)
        return found

    def _add_targeted(self, row: PromptRow, found: list[Response]) -> None:
        for one in targeted(self._prepared, self._who, row, self._scenario(row), found):
            self._asked.append((f"{TO_TARGETS}{one.setting.model}", one.request))
            reply = self._known.get(one.request)
            text = reply.text if reply else f"{one.score} ".ljust(expected_output("") * BYTES_A_TOKEN, ".")
            finish_reason = reply.finish_reason if reply else ""
            found.append(written(one, row, found, text, finish_reason))

    def _scenario(self, row: PromptRow) -> str:
        """As `requests` has it of pairs: `others`, which has criteria of a usual number, where it is to be chosen."""
        named = row.scenario or self._prepared.config.scenarios.default
        if named:
            return named
        key = prompt_key(row.prompt)
        if key not in self._scenarios:
            call = choosing.request(self._prepared, terms(self._prepared), row.prompt)
            self._asked.append(("scenarios", call))
            reply = self._known.get(call)
            self._scenarios[key] = choosing.read_choice(self._prepared, reply.text) if reply else UNCERTAIN
        return self._scenarios[key]

    def _grades(self, row: PromptRow, responses: list[Response]) -> dict[int, float]:
        """By the number of the response; those that are in the journal."""
        found = {}
        for two in two_by_two(responses):
            part = only_grading(self._prepared)
            calls = list(requests(part, [stored(row, *two)], self._known, responses=self.responses_to))
            self._asked += [("grading" if "judging" in stage else stage, call) for stage, call in calls]
            for one, (_, call) in zip(two, calls[-2:], strict=True):
                reply = self._known.get(call)
                read = parse_pointwise(reply.text, Side.A, Schema(json.loads(call.schema))) if reply else None
                if isinstance(read, PointwiseJudgment):
                    found[one.number] = read.score
        return found
