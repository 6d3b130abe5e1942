"""The dialogue with a teacher that drafts a scenario: a draft, then a critique of it and a better one."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synth.config.model import Teacher as Settings
from synth.domain import Message, Pair, ParseFailure
from synth.errors import RunError
from synth.parsing.draft_reply import parse_draft
from synth.parsing.schema import on_the_wire
from synth.prompts.draft import draft_messages, reply_schema, revision_message
from synth.run.teacher import Teacher as Asked
from synth.scenario.definition import Definition
from synth.scenario.draft import Draft, Drafted
from synth.teacher.call import CallError, Request
from synth.teacher.client import Client
from synth.teacher.credentials import Credentials
from synth.teacher.endpoints import Endpoint
from synth.teacher.journal import Journal
from synth.teacher.progress import Progress
from synth.teacher.teacher import Teacher

_MAX_TOKENS = 4096


async def draft(task: Draft, shown: Sequence[Pair], settings: Settings, asked: Asked, journal: Path) -> Definition:
    """Two calls at most, none of which is paid for twice. Raises RunError where one brings nothing that can be used."""
    kept = Journal(journal)
    credentials = Credentials(settings.api_key_env, settings.headers)
    teacher = Teacher.alone(
        [Endpoint(Client(asked.addresses[0], credentials, settings.timeout), 1)],
        kept,
        Progress(None),
        retries=settings.retries,
        mode=None if settings.reply_mode == "auto" else settings.reply_mode,
    )
    desk = _Desk(teacher, kept, asked.model, max(settings.max_tokens, _MAX_TOKENS), asked.parameters)
    try:
        return await _draft_twice(task, shown, desk)
    finally:
        await teacher.close()


async def _draft_twice(task: Draft, shown: Sequence[Pair], desk: "_Desk") -> Definition:
    def faultless(drafted: Drafted) -> str:
        return next(iter(task.faults(drafted)), "")

    print(f"asking {desk.model} for a draft", file=sys.stderr)
    neighbours = [name for name, one in task.others.items() if not one.basic]
    opening = draft_messages(task.path.stem, task.about, task.inherited(), neighbours, shown)
    said, first = await desk.ask(opening, with_critique=False, fault=lambda drafted: "")
    remarks = task.remarks(first)
    print(f"asking {desk.model} to improve it, with {len(remarks)} remarks of the check", file=sys.stderr)
    again = (*opening, Message("assistant", said), revision_message(remarks))
    _, second = await desk.ask(again, with_critique=True, fault=faultless)
    return task.definition(second)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Asks the teacher for drafts."""

    teacher: Teacher
    journal: Journal
    model: str
    max_tokens: int
    parameters: dict[str, Any]

    async def ask(
        self, messages: Sequence[Message], *, with_critique: bool, fault: Callable[[Drafted], str]
    ) -> tuple[str, Drafted]:
        """The reply, and the draft in it. One of an earlier try that could not be used is not taken again."""
        schema = reply_schema(with_critique=with_critique)

        def read(reply: str) -> Drafted | ParseFailure:
            drafted = parse_draft(reply, schema)
            wrong = "" if isinstance(drafted, ParseFailure) else fault(drafted)
            return ParseFailure(wrong, reply) if wrong else drafted

        chat = tuple((message.role, message.content) for message in messages)
        request = Request(self.model, chat, on_the_wire(schema).text, self.max_tokens, self.parameters)
        while (known := self.journal.get(request)) and isinstance(read(known.text), ParseFailure):
            request = replace(request, sample=request.sample + 1)
        reply = await self.teacher.ask(request)
        if isinstance(reply, CallError):
            raise RunError(f"no draft: the teacher said: {reply.message}")
        drafted = read(reply.text)
        if isinstance(drafted, ParseFailure):
            cut = "it was cut off at max_tokens; " if reply.finish_reason == "length" else ""
            raise RunError(f"no draft: the reply of {self.model} cannot be used: {cut}{drafted.reason}")
        return reply.text, drafted
